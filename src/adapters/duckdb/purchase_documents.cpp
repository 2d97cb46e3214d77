#include "adapters/duckdb/purchase_documents.hpp"

#include "codec/gzip.hpp"
#include "codec/json.hpp"
#include "codec/timestamp.hpp"

#include <algorithm>

namespace estante::duck {

namespace {

constexpr std::size_t max_concurrent_reads = 16;
constexpr std::size_t max_document_bytes = 4'000'000; // a purchase is an item of at most 400 KB

// Reads the objects in the given order, several concurrently; nullopt for an object that no longer exists.
std::vector<Result<std::optional<Object>, ObjectError>> read_all(ObjectStore& lake,
                                                                 const std::vector<ObjectInfo>& objects)
{
    std::vector<Result<std::optional<Object>, ObjectError>> read(objects.size());
    boost::asio::io_context loop(1);
    std::size_t next = 0;
    std::exception_ptr thrown;
    const auto reader = [&]() -> Task<void> {
        while (next < objects.size()) {
            const auto at = next++;
            read[at] = co_await lake.get(objects[at].key);
        }
    };
    for (std::size_t i = 0; i < std::min(max_concurrent_reads, objects.size()); ++i)
        boost::asio::co_spawn(loop, reader, [&](const std::exception_ptr& error) {
            if (error)
                thrown = error;
        });
    loop.run();
    if (thrown)
        std::rethrow_exception(thrown);
    return read;
}

bool has_texts(const Map& map, std::initializer_list<std::string_view> names)
{
    return std::ranges::all_of(names, [&](std::string_view name) {
        const Value* value = find(map, name);
        return value && value->if_string();
    });
}

bool is_amount(const Map& map, std::string_view name)
{
    const Value* value = find(map, name);
    return value && value->if_number() && value->if_number()->to_hundredths();
}

bool is_line(const Value& value)
{
    const Map* line = value.if_map();
    const Value* quantity = line ? find(*line, "quantity") : nullptr;
    return quantity && quantity->if_number() && quantity->if_number()->to_int() &&
           has_texts(*line, {"book_id", "title"}) && is_amount(*line, "subtotal");
}

// The JSON of the purchase with this key, or why the bytes are not that purchase.
std::expected<std::string, std::string> parse_purchase(const TenantId& tenant, const std::string& key,
                                                       const std::string& bytes)
{
    auto text = gunzip(bytes, max_document_bytes);
    if (!text)
        return std::unexpected("it is not a complete gzip file");
    const auto value = json::parse(*text);
    if (!value)
        return std::unexpected(
            fmt::format("it is not JSON: {} at byte {}", value.error().reason, value.error().offset));
    const Map* map = value->if_map();
    if (!map || !has_texts(*map, {"purchase_id", "user_id", "status", "created_at"}) ||
        !is_amount(*map, "total_amount"))
        return std::unexpected("a field is missing or has the wrong type");
    const Value* items = find(*map, "items");
    if (!items || !items->if_list() || !std::ranges::all_of(*items->if_list(), is_line))
        return std::unexpected("its items are missing or have the wrong type");
    std::string time(text_of(*map, "created_at"));
    std::ranges::replace(time, ' ', 'T');
    const auto created = parse_timestamp(time + "Z");
    const auto purchase = lake_layout::purchase_object(tenant, key);
    if (!created || !purchase || day_of(created->ms) != purchase->day ||
        text_of(*map, "purchase_id") != purchase->purchase_id)
        return std::unexpected("its content does not match its key");
    return std::move(*text);
}

} // namespace

std::string purchases_from_json(std::string_view json)
{
    constexpr std::string_view shape =
        R"json('[{"purchase_id":"VARCHAR","user_id":"VARCHAR","number":"VARCHAR","status":"VARCHAR",)json"
        R"json("total_amount":"DECIMAL(18,2)","currency":"VARCHAR","created_at":"TIMESTAMP","updated_at":"TIMESTAMP",)json"
        R"json("items":[{"book_id":"VARCHAR","title":"VARCHAR","quantity":"INTEGER","unit_price":"DECIMAL(18,2)",)json"
        R"json("subtotal":"DECIMAL(18,2)","vat_rate":"DECIMAL(18,2)"}],)json"
        R"json("vat":[{"rate":"DECIMAL(18,2)","net":"DECIMAL(18,2)","tax":"DECIMAL(18,2)"}],)json"
        R"json("delivery_method":"VARCHAR","payment_method":"VARCHAR"}]')json";
    return fmt::format("from_json({}, {})", json, shape);
}

std::vector<PurchaseDocument> read_documents(ObjectStore& lake, const TenantId& tenant,
                                             const std::vector<ObjectInfo>& objects)
{
    auto read = read_all(lake, objects);
    std::vector<PurchaseDocument> documents;
    for (std::size_t i = 0; i < objects.size(); ++i) {
        const auto object = value_or_throw(std::move(read[i]), objects[i].key);
        if (object)
            documents.push_back({.key = objects[i].key,
                                 .etag = object->etag,
                                 .json = parse_purchase(tenant, objects[i].key, object->bytes)});
    }
    return documents;
}

} // namespace estante::duck

#include "adapters/duckdb/shop_lake.hpp"

#include "adapters/duckdb/purchase_documents.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <system_error>

namespace estante::duck {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t page_objects = 1'000;

void check_deadline(TimePoint deadline)
{
    if (std::chrono::steady_clock::now() > deadline)
        throw DuckDBTimeout("reading the lake took too long");
}

std::vector<Period> open_ranges(const Period& period, const std::set<Day>& closed)
{
    std::vector<Period> ranges;
    Day next = period.first;
    for (auto day = closed.lower_bound(period.first); day != closed.end() && *day <= period.last; ++day) {
        if (*day > next)
            ranges.push_back({.first = next, .last = *day - std::chrono::days(1)});
        next = *day + std::chrono::days(1);
    }
    if (next <= period.last)
        ranges.push_back({.first = next, .last = period.last});
    return ranges;
}

std::string_view fallback_for(ShopLake::Contents contents)
{
    switch (contents) {
    case ShopLake::Contents::purchases:
        return "its day is read from the JSON";
    case ShopLake::Contents::sales_of_day:
        return "its day is read from the purchases";
    case ShopLake::Contents::sales_of_month:
        return "its days are read one by one";
    }
    return "";
}

std::string without_slash(std::string prefix)
{
    prefix.pop_back();
    return prefix;
}

} // namespace

void create_open_purchases_table(Connection& connection)
{
    connection.run(fmt::format("CREATE TABLE IF NOT EXISTS open_purchases (shop VARCHAR, day DATE, key VARCHAR, "
                               "purchase_id VARCHAR, user_id VARCHAR, status VARCHAR, total_amount DECIMAL(18,2), "
                               "created_at TIMESTAMP, items {})",
                               items_type));
}

LakeFiles ShopLake::refresh(Connection& connection, Period period, Reading reading, TimePoint deadline)
{
    if (!is_consistent_)
        evict(connection);
    release_files();
    parquet_files_ = closed_files(read_closed_days(), period, reading, deadline);
    std::set<Day> in_parquet;
    LakeFiles files;
    for (const Parquet& file : parquet_files_) {
        in_parquet.insert(file.days.begin(), file.days.end());
        (file.contents == Contents::purchases ? files.parquet : files.by_book).push_back(file.path);
    }
    std::vector<std::string> now_in_parquet; // cached in the table, but meanwhile in a Parquet file
    for (const auto& [day, objects] : cached_objects_) {
        if (!in_parquet.contains(day))
            continue;
        for (const auto& [key, etag] : objects)
            now_in_parquet.push_back(key);
    }
    evict_objects(connection, now_in_parquet);
    for (const Period& range : open_ranges(period, in_parquet))
        read_open(connection, range, deadline);
    std::size_t count = 0;
    for (const auto& [day, keys] : cached_objects_)
        count += keys.size();
    objects = count;
    const auto books = value_or_throw(run_blocking(lake_.list(lake_layout::books_key(tenant_), {}, 1)),
                                      lake_layout::books_key(tenant_));
    if (!books.objects.empty())
        files.books = pin(books.objects.front()).value_or("");
    return files;
}

bool ShopLake::exclude_damaged(Connection& connection, TimePoint deadline)
{
    bool found = false;
    for (const Parquet& file : parquet_files_) {
        try {
            connection.run(file.contents != Contents::purchases
                               ? "SELECT count(book_id), count(title), sum(copies), sum(revenue), max(sold_at), "
                                 "max(purchase_id) FROM read_parquet($1)"
                               : "SELECT count(purchase_id), count(user_id), count(status), sum(total_amount), "
                                 "max(created_at), sum(len(items)) FROM read_parquet($1)",
                           {std::vector<std::string>{file.path}}, deadline);
        } catch (const DuckDBTimeout&) {
            throw;
        } catch (const DuckDBError& error) {
            found = true;
            options_.report(fmt::format("{} is damaged ({}); {}", file.key, error.what(), fallback_for(file.contents)));
            damaged_[file.key] = file.etag;
        }
    }
    return found;
}

void ShopLake::release_files()
{
    std::error_code ignored;
    fs::remove_all(links(), ignored);
}

void ShopLake::evict(Connection& connection)
{
    connection.run("DELETE FROM open_purchases WHERE shop = $1", {tenant_.value});
    cached_objects_.clear();
    objects = 0;
    is_consistent_ = true;
}

lake_layout::ClosedDays ShopLake::read_closed_days()
{
    const auto key = lake_layout::closed_days_key(tenant_);
    const auto object = value_or_throw(run_blocking(lake_.get(key)), key);
    if (!object)
        return {};
    auto closed = lake_layout::ClosedDays::parse(object->bytes);
    if (!closed) {
        options_.report(key + " is damaged; all days are read from the JSON objects");
        return {};
    }
    return std::move(*closed);
}

// For Reading::by_book: the monthly rollups whose closed days all lie in the period, then the sales by book of the
// remaining days, then the purchases of days whose sales by book are missing or damaged.
std::vector<ShopLake::Parquet> ShopLake::closed_files(const lake_layout::ClosedDays& closed, const Period& period,
                                                      Reading reading, TimePoint deadline)
{
    std::set<Day> days{closed.days.lower_bound(period.first), closed.days.upper_bound(period.last)};
    std::vector<Parquet> files;
    const auto add_files = [&](const DaysByKey& wanted, Contents contents) {
        for (Parquet& file : find_files(wanted, contents, deadline)) {
            for (const Day day : file.days)
                days.erase(day);
            files.push_back(std::move(file));
        }
    };
    const auto each_day = [&](std::string (*key_of)(const TenantId&, Day)) {
        DaysByKey wanted;
        for (const Day day : days)
            wanted[key_of(tenant_, day)] = {day};
        return wanted;
    };
    if (reading == Reading::by_book) {
        add_files(complete_months(closed, period), Contents::sales_of_month);
        add_files(each_day(lake_layout::by_book_key), Contents::sales_of_day);
    }
    add_files(each_day(lake_layout::parquet_key), Contents::purchases);
    for (const Day day : days) {
        const auto key = lake_layout::parquet_key(tenant_, day);
        if (!damaged_.contains(key))
            options_.report(key + " is missing although its day is closed; it is read from the JSON");
    }
    return files;
}

ShopLake::DaysByKey ShopLake::complete_months(const lake_layout::ClosedDays& closed, const Period& period) const
{
    DaysByKey wanted;
    for (const auto& [month, file] : closed.months) {
        const auto [first, last] = days_in(month);
        const std::set<Day> days{closed.days.lower_bound(first), closed.days.upper_bound(last)};
        if (!days.empty() && *days.begin() >= period.first && *days.rbegin() <= period.last)
            wanted[lake_layout::by_month_key(tenant_, month, file)] = days;
    }
    return wanted;
}

// The files of `wanted` that exist and are not damaged. Other objects between them in the listing are skipped.
std::vector<ShopLake::Parquet> ShopLake::find_files(DaysByKey wanted, Contents contents, TimePoint deadline)
{
    std::vector<Parquet> files;
    while (!wanted.empty()) {
        check_deadline(deadline);
        const auto& first = wanted.begin()->first;
        const auto prefix = first.substr(0, first.find('/', tenant_.value.size() + 1) + 1);
        const auto page =
            value_or_throw(run_blocking(lake_.list(prefix, first.substr(0, first.rfind('/')), page_objects)), prefix);
        for (const ObjectInfo& object : page.objects) {
            const auto found = wanted.find(object.key);
            const auto bad = damaged_.find(object.key);
            if (found == wanted.end() || (bad != damaged_.end() && bad->second == object.etag))
                continue;
            if (auto path = pin(object)) // else a newer rollup has replaced it since the listing
                files.push_back({std::move(found->second), object.key, object.etag, std::move(*path), contents});
        }
        if (!page.next)
            break;
        wanted.erase(wanted.begin(), wanted.upper_bound(*page.next));
    }
    return files;
}

// A local path whose content does not change during the report. DuckDB opens a file more than once, and the object may
// be replaced in between. Empty if the object no longer exists.
std::optional<std::string> ShopLake::pin(const ObjectInfo& object) const
{
    return options_.folder.empty() ? std::optional(download(object)) : hard_link(object.key);
}

// A hard link to a file of the lake's folder. Replacing the original does not change the linked file.
std::optional<std::string> ShopLake::hard_link(const std::string& key) const
{
    const auto file = links() / key;
    fs::create_directories(file.parent_path());
    std::error_code error;
    fs::create_hard_link(options_.folder / key, file, error);
    if (error && error != std::errc::no_such_file_or_directory) { // another file system, or one without links
        error.clear();
        fs::copy_file(options_.folder / key, file, error);
    }
    if (error == std::errc::no_such_file_or_directory)
        return std::nullopt;
    if (error)
        throw DuckDBError(fmt::format("{} cannot be linked: {}", key, error.message()));
    return file.string();
}

// Returns a local path. The name of a fetched file contains its ETag, so a newer object gets another file.
std::string ShopLake::download(const ObjectInfo& object) const
{
    std::string etag;
    for (const char c : object.etag)
        etag += std::isalnum(static_cast<unsigned char>(c)) ? c : '-';
    const fs::path file = options_.scratch / "fetched" / fmt::format("{}.{}.parquet", object.key, etag);
    std::error_code ignored;
    if (fs::exists(file))
        fs::last_write_time(file, fs::file_time_type::clock::now(), ignored); // used last
    else {
        fs::create_directories(file.parent_path());
        if (!value_or_throw(run_blocking(lake_.get_file(object.key, file)), object.key))
            throw DuckDBError(object.key + " was there a moment ago");
    }
    return file.string();
}

void ShopLake::read_open(Connection& connection, const Period& range, TimePoint deadline)
{
    const auto prefix = lake_layout::purchases_prefix(tenant_);
    std::vector<std::string> cached;
    for (auto day = cached_objects_.lower_bound(range.first); day != cached_objects_.end() && day->first <= range.last;
         ++day)
        for (const auto& [key, etag] : day->second)
            cached.push_back(key);
    std::optional<std::string> after = without_slash(lake_layout::purchases_prefix(tenant_, range.first));
    bool more = true;
    std::vector<std::string> listed;
    while (more && after) {
        check_deadline(deadline);
        auto page = value_or_throw(run_blocking(lake_.list(prefix, after, page_objects)), prefix);
        std::vector<ObjectInfo> new_objects;
        for (ObjectInfo& object : page.objects) {
            const auto purchase = lake_layout::purchase_object(tenant_, object.key);
            if (!purchase)
                continue;
            if (purchase->day > range.last) {
                more = false;
                break;
            }
            listed.push_back(object.key);
            const auto& day = cached_objects_[purchase->day];
            const auto known = day.find(object.key);
            if (known == day.end() || known->second != object.etag)
                new_objects.push_back(std::move(object));
        }
        cache_objects(connection, new_objects, deadline);
        after = page.next;
    }
    std::vector<std::string> removed; // both lists are in byte order
    std::ranges::set_difference(cached, listed, std::back_inserter(removed));
    evict_objects(connection, removed);
}

void ShopLake::cache_objects(Connection& connection, const std::vector<ObjectInfo>& objects, TimePoint deadline)
{
    if (objects.empty())
        return;
    std::vector<std::string> keys;
    std::vector<std::string> good;
    std::string documents;
    const auto read = read_documents(lake_, tenant_, objects);
    for (const PurchaseDocument& document : read) {
        keys.push_back(document.key);
        if (!document.json) {
            options_.report(fmt::format("{} is damaged ({}); it is skipped", document.key, document.json.error()));
            continue;
        }
        documents += documents.empty() ? '[' : ',';
        documents += *document.json;
        good.push_back(document.key);
    }
    evict_objects(connection, keys);
    is_consistent_ = false;
    if (!documents.empty()) {
        connection.run(
            fmt::format("INSERT INTO open_purchases SELECT $1, CAST(d.created_at AS DATE), k, d.purchase_id, "
                        "d.user_id, d.status, d.total_amount, d.created_at, d.items "
                        "FROM (SELECT unnest($2::VARCHAR[]) AS k, unnest({}) AS d)",
                        purchases_from_json("$3")),
            {tenant_.value, good, documents + "]"}, deadline);
    }
    for (const PurchaseDocument& document : read)
        cached_objects_[lake_layout::purchase_object(tenant_, document.key)->day][document.key] = document.etag;
    is_consistent_ = true;
}

void ShopLake::evict_objects(Connection& connection, const std::vector<std::string>& keys)
{
    std::vector<std::string> rows;
    is_consistent_ = false;
    for (const std::string& key : keys) {
        const auto day = cached_objects_.find(lake_layout::purchase_object(tenant_, key)->day);
        if (day != cached_objects_.end() && day->second.erase(key) > 0)
            rows.push_back(key);
        if (day != cached_objects_.end() && day->second.empty())
            cached_objects_.erase(day);
    }
    if (!rows.empty())
        connection.run("DELETE FROM open_purchases WHERE shop = $1 AND key IN (SELECT unnest($2::VARCHAR[]))",
                       {tenant_.value, rows});
    is_consistent_ = true;
}

} // namespace estante::duck

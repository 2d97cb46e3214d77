#include "hosts/cli/load_demonstration.hpp"

#include "adapters/catalogues/demonstration.hpp"
#include "hosts/cli/command_options.hpp"
#include "hosts/cli/import_command.hpp"
#include "records/tenants.hpp"

#include <fmt/format.h>

#include <fstream>

namespace estante {

namespace {

constexpr std::string_view password = "estante-demo-1";
constexpr std::string_view loading_mark = "loading";

struct DemoShop {
    catalogues::DemonstrationShop catalogue;
    std::string_view id;
    std::string_view name;
    std::string_view language;
};
constexpr DemoShop shops[] = {
    {catalogues::DemonstrationShop::goodbooks, "goodbooks", "Good Books", "en"},
    {catalogues::DemonstrationShop::libreria, "libreria", "Librería Estante", "es"},
};

// Drops the lines of the commands (invitations, ids); errors pass.
class ErrorsOnly final : public Output {
public:
    explicit ErrorsOnly(Output& output) : output_(output) {}
    void line(std::string_view) override {}
    void error(std::string_view text) override { output_.error(text); }
    void progress(std::string_view) override {}

private:
    Output& output_;
};

int load_shop(Bookstore& store, const DemoShop& shop, Output& output)
{
    ErrorsOnly errors(output);
    const std::string id(shop.id);
    if (const int code = commands::create_tenant(store,
                                                 {{"tenant_id", id},
                                                  {"name", std::string(shop.name)},
                                                  {"language", std::string(shop.language)},
                                                  {"manager_email", "manager@example.com"}},
                                                 errors);
        code != 0)
        return code;
    for (const auto* role : {"manager", "customer"}) {
        if (const int code = commands::create_user(store,
                                                   {{"tenant_id", id},
                                                    {"email", fmt::format("{}@example.com", role)},
                                                    {"password", std::string(password)},
                                                    {"role", role}},
                                                   errors);
            code != 0)
            return code;
    }
    output.line(
        fmt::format("{}: loading the catalogue; prices, stock and descriptions are fictitious, from a fixed seed", id));
    const auto reader = catalogues::demonstration_reader(shop.catalogue);
    return commands::import_rows(store, {id}, *reader, {}, false, output);
}

bool has_shops(Bookstore& store)
{
    const auto page = store.run(store.ports().get<ItemStore>().query(tenants_query(1, std::nullopt)));
    return page && !page->items.empty();
}

bool is_complete(const std::filesystem::path& mark)
{
    std::ifstream file(mark);
    std::string first;
    return std::getline(file, first) && first != loading_mark;
}

} // namespace

void remove_partial_demonstration(const std::filesystem::path& folder)
{
    if (!std::filesystem::exists(folder))
        return;
    const DataFolder data(folder);
    if (!std::filesystem::exists(data.demo_mark()) || is_complete(data.demo_mark()))
        return;
    for (const auto* suffix : {"", "-wal", "-shm"})
        std::filesystem::remove(data.database().native() + suffix);
    std::filesystem::remove(data.demo_mark());
}

int load_demonstration(Bookstore& store, Output& output)
{
    const auto mark = store.folder().demo_mark();
    if (std::filesystem::exists(mark))
        return 0;
    if (has_shops(store)) {
        output.error("estante: this data folder holds other shops; the demonstration needs an empty one (--data DIR)");
        return 1;
    }
    std::ofstream(mark) << loading_mark << "\n";
    for (const DemoShop& shop : shops) {
        if (const int code = load_shop(store, shop, output); code != 0)
            return code;
    }
    ErrorsOnly errors(output);
    if (const int code = commands::create_operator(
            store, {{"email", "operator@example.com"}, {"password", std::string(password)}}, errors);
        code != 0)
        return code;
    std::ofstream(mark) << "The accounts of this folder have a password that everyone knows: " << password << "\n";
    return 0;
}

void print_next_steps(const std::string& url, Output& output)
{
    output.line("");
    output.line(fmt::format("Two shops are open on {}", url));
    output.line("  goodbooks  10,000 books, in English      libreria  913 books, in Spanish");
    output.line("  accounts   customer@example.com, manager@example.com in both shops; operator@example.com in tenant "
                "operator");
    output.line(fmt::format("  password   {}   (everyone knows it: never put real data into this folder)", password));
    output.line("");
    output.line("Search, fill the cart, buy (needs curl and python3):");
    output.line(fmt::format("  U={}; S='X-Tenant-Id: libreria'; J='Content-Type: application/json'", url));
    output.line("  B=$(curl -s -H \"$S\" \"$U/v1/books/search?q=quijote&in_stock=true\" | python3 -c 'import json,sys; "
                "print(json.load(sys.stdin)[\"items\"][0][\"book_id\"])')");
    output.line(fmt::format(
        "  T=$(curl -s -H \"$J\" -d "
        "'{{\"tenant_id\":\"libreria\",\"email\":\"customer@example.com\",\"password\":\"{}\"}}' $U/v1/users/login | "
        "python3 -c 'import json,sys; print(json.load(sys.stdin)[\"token\"])')",
        password));
    output.line(
        "  curl -s -H \"Authorization: Bearer $T\" -H \"$J\" -d \"{\\\"book_id\\\":\\\"$B\\\"}\" $U/v1/cart/items");
    output.line("  curl -s -H \"Authorization: Bearer $T\" -H \"$J\" -d '{}' $U/v1/purchases");
    output.line("");
    output.line("Stop with Ctrl-C; everything is kept for the next start.");
}

} // namespace estante

#include "adapters/catalogues/demonstration.hpp"

#include "codec/digest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

extern "C" {
extern const std::byte estante_goodbooks_begin[];
extern const std::byte estante_goodbooks_end[];
extern const std::byte estante_gutenberg_es_begin[];
extern const std::byte estante_gutenberg_es_end[];
}

namespace estante::catalogues {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view seed = "estante demonstration 1";

// Pseudo-random numbers from a digest of the row's id, so that neither the order nor other rows change them.
class Draw {
public:
    explicit Draw(const Row& row) : digest_(sha256(fmt::format("{}|{}|{}", seed, row.source, row.source_id))) {}

    // 0 to limit - 1. Uses two of the digest's 32 bytes.
    std::size_t below(std::size_t limit)
    {
        const std::size_t bits = std::size_t(digest_[at_]) << 8 | digest_[at_ + 1];
        at_ += 2;
        return bits % limit;
    }

private:
    Digest digest_;
    std::size_t at_ = 0;
};

struct CategoryShare {
    std::string_view name;
    std::size_t percent;
};
constexpr std::array categories{
    CategoryShare{"Fiction", 22},       CategoryShare{"Fantasy", 13},         CategoryShare{"Young Adult", 12},
    CategoryShare{"Mystery", 10},       CategoryShare{"Romance", 10},         CategoryShare{"Science Fiction", 7},
    CategoryShare{"Classics", 6},       CategoryShare{"Children's Books", 5}, CategoryShare{"History", 4},
    CategoryShare{"Biography", 4},      CategoryShare{"Horror", 3},           CategoryShare{"Poetry", 1},
    CategoryShare{"Graphic Novels", 2}, CategoryShare{"Cooking", 1}};
static_assert([] {
    std::size_t sum = 0;
    for (const auto& category : categories)
        sum += category.percent;
    return sum == 100;
}());

constexpr std::array blurbs_es{"Lo recomendamos a quien disfruta de una tarde larga de lectura."sv,
                               "Un título que nuestros libreros tienen siempre a mano."sv,
                               "Para leer despacio y volver a él."sv,
                               "Muy pedido por los clubes de lectura del barrio."sv,
                               "Una buena puerta de entrada a su autor y a su época."sv,
                               "Edición cómoda, con letra clara y buen papel."sv};
constexpr std::array blurbs_en{
    "Our booksellers keep a copy within reach."sv, "For readers who like a long evening with a book."sv,
    "Often asked for by reading groups."sv,        "A good place to start with its author."sv,
    "One to read slowly and come back to."sv,      "A comfortable edition with clear type."sv};

std::string_view category_at(std::size_t percent)
{
    const auto* category = categories.begin();
    for (; percent >= category->percent; ++category)
        percent -= category->percent;
    return category->name;
}

Money draw_price(Draw& draw)
{
    const auto euros =
        static_cast<std::int64_t>(5 + std::min(draw.below(35), draw.below(35))); // low prices are more frequent
    const auto ending = draw.below(10);
    const std::int64_t cents = euros == 5 || ending < 6 ? 95 : ending < 8 ? 90 : 50;
    return Money{euros * 100 + cents};
}

std::string description_es(const BookEntry& entry, std::string_view blurb)
{
    const std::string authors = author_line(entry);
    return fmt::format("«{}»{}{}. {} Texto ficticio de demostración.", entry.title.value,
                       authors.empty() ? "" : ", de ", authors, blurb);
}

std::string description_en(const BookEntry& entry, std::string_view blurb)
{
    const std::string authors = author_line(entry);
    const auto year = entry.publication_year
                          ? fmt::format(", first published in {}{}", std::abs(entry.publication_year->value),
                                        entry.publication_year->value < 0 ? " BCE" : "")
                          : std::string();
    return fmt::format("{}{}{}{}. {} This description is fictitious demonstration text.", entry.title.value,
                       authors.empty() ? "" : ", by ", authors, year, blurb);
}

class DemonstrationReader : public CatalogueReader {
public:
    DemonstrationReader(std::unique_ptr<CatalogueReader> published, DemonstrationShop shop)
        : published_(std::move(published)), shop_(shop)
    {
    }

    Next read() override
    {
        auto row = published_->read();
        if (row && *row)
            add_fictitious_offer(**row, shop_);
        return row;
    }
    std::uint64_t consumed_bytes() const override { return published_->consumed_bytes(); }
    std::optional<std::uint64_t> total_bytes() const override { return published_->total_bytes(); }

private:
    std::unique_ptr<CatalogueReader> published_;
    DemonstrationShop shop_;
};

} // namespace

std::span<const std::byte> demonstration_goodbooks()
{
    return {estante_goodbooks_begin, estante_goodbooks_end};
}

std::span<const std::byte> demonstration_gutenberg_es()
{
    return {estante_gutenberg_es_begin, estante_gutenberg_es_end};
}

void add_fictitious_offer(Row& row, DemonstrationShop shop)
{
    Draw draw(row);
    BookEntry& entry = row.entry;
    const std::size_t category_draw = draw.below(100);
    row.price = draw_price(draw);
    const bool sold_out = draw.below(25) == 0;
    const auto copies = static_cast<std::int64_t>(1 + draw.below(60));
    row.on_hand = sold_out ? 0 : copies;
    std::string description;
    if (shop == DemonstrationShop::goodbooks) {
        entry.category.value = category_at(category_draw);
        description = description_en(entry, blurbs_en[draw.below(blurbs_en.size())]);
    } else {
        entry.format = {draw.below(10) < 7 ? BookFormat::paperback : BookFormat::hardcover};
        description = description_es(entry, blurbs_es[draw.below(blurbs_es.size())]);
    }
    if (entry.description)
        description = entry.description->value + (entry.description->value.ends_with('.') ? " " : ". ") + description;
    entry.description.emplace().value = std::move(description);
}

std::unique_ptr<CatalogueReader> demonstration_reader(DemonstrationShop shop)
{
    const bool goodbooks = shop == DemonstrationShop::goodbooks;
    const ReaderOptions options{.category = goodbooks ? "Fiction" : "Sin clasificar",
                                .heading_language = goodbooks ? "en" : "es",
                                .language = goodbooks ? "en" : "es"};
    auto published = create_catalogue_reader(
        memory_source(goodbooks ? demonstration_goodbooks() : demonstration_gutenberg_es()), options);
    return std::make_unique<DemonstrationReader>(std::move(published).value(), shop);
}

} // namespace estante::catalogues

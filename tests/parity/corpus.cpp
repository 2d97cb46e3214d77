#include "corpus.hpp"

#include "adapters/catalogues/demonstration.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace estante::parity {

namespace {

SearchDocument document_of(const catalogues::Row& row, std::size_t number)
{
    const BookEntry& entry = row.entry;
    SearchDocument document{.book_id = fmt::format("book_{:026}", number),
                            .version = 1,
                            .title = entry.title.value,
                            .author = author_line(entry),
                            .description = entry.description ? entry.description->value : "",
                            .category = entry.category.value,
                            .language = entry.language ? entry.language->value : "",
                            .isbn = entry.isbn ? entry.isbn->value : "",
                            .rating = entry.rating ? static_cast<double>(entry.rating->hundredths) / 100
                                                   : static_cast<double>(number * 2654435761U % 251 + 250) / 100,
                            .in_stock = number % 5 != 0,
                            .updated_ms = static_cast<std::int64_t>(1'700'000'000'000 + number % 1000)};
    for (const Contributor& contributor : entry.contributors)
        document.contributors.push_back(contributor.name.value);
    for (const auto& subject : entry.subjects)
        document.subjects.push_back(subject.value);
    if (row.price)
        document.price_cents = row.price->cents;
    else if (number % 9 != 0)
        document.price_cents = static_cast<std::int64_t>(300 + number * 7919 % 6000);
    if (entry.publication_year)
        document.publication_year = static_cast<int>(entry.publication_year->value);
    return document;
}

Corpus read_all(std::string name, catalogues::CatalogueReader& reader)
{
    Corpus corpus{.name = std::move(name)};
    while (auto row = reader.read()) {
        if (*row)
            corpus.documents.push_back(document_of(**row, corpus.documents.size()));
    }
    if (corpus.documents.empty())
        throw std::runtime_error(corpus.name + " has no books");
    return corpus;
}

} // namespace

Corpus goodbooks()
{
    return read_all("goodbooks", *catalogues::demonstration_reader(catalogues::DemonstrationShop::goodbooks));
}

Corpus gutenberg(const std::string& file)
{
    auto reader = catalogues::create_catalogue_reader(file);
    if (!reader)
        throw std::runtime_error(fmt::format("{}: {}", file, reader.error().detail.en));
    return read_all("gutenberg", **reader);
}

} // namespace estante::parity

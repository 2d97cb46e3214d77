// The embedded search engine. The reference is SQLite's FTS5. Both index title and author of the 78,511 works of
// Project Gutenberg and get queries of two words drawn from them for the ten best by BM25. Both run in memory in this
// process on the same analyzed terms, and alternate. The engine also returns the exact total, and facets where noted;
// FTS5 does neither. Each query counts with its median over the rounds.
//   bench_search [catalogue.csv.gz]
#include "adapters/search/embedded_search.hpp"
#include "analysis/analyzer.hpp"
#include "measure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csv.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <zlib.h>

#include <exception>
#include <malloc.h>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace estante::bench {
namespace {

constexpr std::size_t query_count = 2'500;
constexpr std::size_t rounds = 3;
constexpr std::size_t hits = 10;
constexpr double target_ratio = 10;
constexpr double target_p50_ms = 0.1;
constexpr double target_p99_ms = 2;
const TenantId shop{"gutenberg"};

double memory_mb()
{
    return static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd) / 1e6;
}

std::string inflate_file(const std::string& path)
{
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
    if (file == nullptr)
        throw std::runtime_error(fmt::format("cannot open {}", path));
    std::string text;
    std::string buffer(1 << 16, '\0');
    for (int read = 0; (read = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
        text.append(buffer, 0, static_cast<std::size_t>(read));
    return text;
}

// gutenberg_id, title, authors, language, lcc
class Catalogue {
public:
    explicit Catalogue(const std::string& csv)
    {
        csv_parser parser{};
        csv_init(&parser, 0);
        csv_parse(&parser, csv.data(), csv.size(), on_field, on_row, this);
        csv_fini(&parser, on_field, on_row, this);
        csv_free(&parser);
    }
    std::vector<SearchDocument> take_documents() { return std::move(documents_); }

private:
    static void on_field(void* text, std::size_t size, void* self)
    {
        static_cast<Catalogue*>(self)->fields_.emplace_back(static_cast<const char*>(text), size);
    }
    static void on_row(int, void* self) { static_cast<Catalogue*>(self)->add_row(); }
    void add_row()
    {
        const auto fields = std::exchange(fields_, {});
        if (fields.size() < 5 || fields[0] == "gutenberg_id")
            return;
        const auto number = std::stoull(fields[0]);
        documents_.push_back({.book_id = fmt::format("book_{:026}", number),
                              .version = 1,
                              .title = fields[1],
                              .author = fields[2],
                              .contributors = {fields[2]},
                              .category = fields[4].substr(0, fields[4].find('|')),
                              .language = fields[3],
                              .price_cents = static_cast<std::int64_t>(500 + number * 7919 % 3000),
                              .rating = static_cast<double>(number * 2654435761U % 251 + 250) / 100,
                              .in_stock = number % 5 != 0});
    }

    std::vector<std::string> fields_;
    std::vector<SearchDocument> documents_;
};

struct Query {
    std::string text{};  // two words as spelled in the catalogue
    std::string match{}; // their terms for FTS5
};

std::string join_terms(std::string_view text, std::string_view before, std::string_view between, std::string_view after)
{
    std::string joined;
    analysis::SpanishAnalyzer terms(text);
    for (std::string_view term; terms.next(term);)
        joined += fmt::format("{}{}{}{}", joined.empty() ? "" : between, before, term, after);
    return joined;
}

// Words that are terms (no stop words), drawn with their frequency.
std::vector<Query> draw_queries(const std::vector<SearchDocument>& documents, std::mt19937_64& random)
{
    const auto draw = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    const auto draw_word = [&] {
        for (;;) {
            const auto& document = documents[draw(documents.size())];
            const auto text = document.title + ' ' + document.author;
            std::vector<std::string_view> words;
            analysis::StandardTokenizer splitter(text);
            for (std::string_view word; splitter.next(word);)
                words.push_back(word);
            const auto word = words[draw(words.size())];
            if (!join_terms(word, "", "", "").empty())
                return std::string(word);
        }
    };
    std::vector<Query> queries;
    while (queries.size() < query_count) {
        const auto text = draw_word() + ' ' + draw_word();
        queries.push_back({text, join_terms(text, "\"", " OR ", "\"")});
    }
    return queries;
}

class FullTextTable {
public:
    explicit FullTextTable(const std::vector<SearchDocument>& documents)
    {
        check(sqlite3_open(":memory:", &database_));
        // Keeps the characters that may occur inside a term.
        execute("CREATE VIRTUAL TABLE books USING fts5(title, author, content='', "
                "tokenize=\"unicode61 remove_diacritics 0 tokenchars '''.’:·_'\")");
        execute("INSERT INTO books(books, rank) VALUES('rank', 'bm25(3.0, 2.0)')");
        execute("BEGIN");
        auto* insert = prepare("INSERT INTO books(rowid, title, author) VALUES(?, ?, ?)");
        for (std::size_t row = 0; row < documents.size(); ++row) {
            sqlite3_bind_int64(insert, 1, static_cast<std::int64_t>(row));
            bind(insert, 2, join_terms(documents[row].title, "", " ", ""));
            bind(insert, 3, join_terms(documents[row].author, "", " ", ""));
            if (sqlite3_step(insert) != SQLITE_DONE)
                throw std::runtime_error(sqlite3_errmsg(database_));
            sqlite3_reset(insert);
        }
        sqlite3_finalize(insert);
        execute("COMMIT");
        execute("INSERT INTO books(books) VALUES('optimize')");
        search_ = prepare("SELECT rowid, rank FROM books WHERE books MATCH ? ORDER BY rank LIMIT ?");
    }
    ~FullTextTable()
    {
        sqlite3_finalize(search_);
        sqlite3_close(database_);
    }
    FullTextTable(const FullTextTable&) = delete;
    FullTextTable& operator=(const FullTextTable&) = delete;

    std::size_t search(const std::string& match)
    {
        bind(search_, 1, match);
        sqlite3_bind_int64(search_, 2, hits);
        std::size_t rows = 0;
        while (sqlite3_step(search_) == SQLITE_ROW)
            rows += sqlite3_column_double(search_, 1) < 0 ? 1 : 0;
        check(sqlite3_reset(search_));
        return rows;
    }

private:
    void check(int code) const
    {
        if (code != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(database_));
    }
    void execute(const char* sql) const { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }
    sqlite3_stmt* prepare(const char* sql) const
    {
        sqlite3_stmt* statement = nullptr;
        check(sqlite3_prepare_v3(database_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
        return statement;
    }
    void bind(sqlite3_stmt* statement, int parameter, const std::string& text) const
    {
        check(sqlite3_bind_text64(statement, parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    }

    sqlite3* database_ = nullptr;
    sqlite3_stmt* search_ = nullptr;
};

// Runs a coroutine to completion in this thread.
void run(Task<void> task)
{
    boost::asio::io_context context;
    boost::asio::co_spawn(context, std::move(task), [](const std::exception_ptr& error) {
        if (error)
            std::rethrow_exception(error);
    });
    context.run();
}

struct Figures {
    std::vector<double> plain_ms{};
    std::vector<double> faceted_ms{};
    std::vector<double> fts5_ms{};
    std::vector<double> suggest_ms{};
    std::vector<double> update_ms{};
    std::size_t total = 0;
};

Task<void> search_all(SearchIndex& index, const std::vector<Query>& queries, bool facets, std::vector<double>& times,
                      std::size_t& total)
{
    for (const auto& query : queries) {
        SearchQuery request{.text = query.text, .limit = hits, .facets = facets};
        const auto begin = Clock::now();
        const auto page = co_await index.search(shop, std::move(request));
        times.push_back(ms_since(begin));
        total += page.value().total;
    }
}

void search_fts5(FullTextTable& table, const std::vector<Query>& queries, std::vector<double>& times)
{
    for (const auto& query : queries) {
        const auto begin = Clock::now();
        const auto rows = table.search(query.match);
        times.push_back(ms_since(begin));
        if (rows == 0)
            throw std::runtime_error(fmt::format("FTS5 has no hit for {}", query.match));
    }
}

// Prefixes of titles, half of them with a wrong letter.
Task<void> suggest_all(SearchIndex& index, const std::vector<SearchDocument>& documents, std::mt19937_64& random,
                       std::vector<double>& times)
{
    for (std::size_t count = 0; count < query_count; ++count) {
        auto typed = documents[random() % documents.size()].title.substr(0, 1 + random() % 14);
        if (typed.size() > 3 && count % 2 == 0)
            typed[2 + random() % (typed.size() - 2)] = 'x';
        const auto begin = Clock::now();
        const auto suggestions = co_await index.suggest(shop, typed, 5);
        times.push_back(ms_since(begin));
        if (!suggestions)
            throw std::runtime_error("suggest failed");
    }
}

Task<void> update_some(SearchIndex& index, const std::vector<SearchDocument>& documents, std::mt19937_64& random,
                       std::vector<double>& times)
{
    for (std::uint64_t count = 0; count < 2'000; ++count) {
        auto document = documents[random() % documents.size()];
        document.price_cents = 999;
        std::vector<IndexChange> changes;
        changes.push_back({.book_id = document.book_id, .version = 2 + count, .document = std::move(document)});
        const auto begin = Clock::now();
        co_await index.apply(shop, std::move(changes));
        times.push_back(ms_since(begin));
    }
}

double memory_of_small_shops_mb(const std::vector<SearchDocument>& documents)
{
    constexpr std::size_t shops = 1'000;
    constexpr std::size_t books = 200;
    const auto before = memory_mb();
    const auto index = search::create_search_index();
    run([](SearchIndex& engine, const std::vector<SearchDocument>& all) -> Task<void> {
        for (std::size_t number = 0; number < shops; ++number) {
            std::vector<SearchDocument> some;
            some.reserve(books);
            for (std::size_t book = 0; book < books; ++book)
                some.push_back(all[(number * books + book) % all.size()]);
            co_await engine.rebuild(TenantId{fmt::format("shop-{}", number)}, std::move(some));
        }
    }(*index, documents));
    return memory_mb() - before;
}

int measure(const std::string& path)
{
    const auto documents = Catalogue(inflate_file(path)).take_documents();
    std::mt19937_64 random(20'240'229);
    const auto queries = draw_queries(documents, random);
    progress("{} works, {} queries of two words", documents.size(), queries.size());

    const auto before_mb = memory_mb();
    const auto index = search::create_search_index();
    auto begin = Clock::now();
    run([](SearchIndex& engine, std::vector<SearchDocument> all) -> Task<void> {
        co_await engine.rebuild(shop, std::move(all));
    }(*index, documents));
    const auto build_s = ms_since(begin) / 1e3;
    const auto index_mb = memory_mb() - before_mb;
    begin = Clock::now();
    FullTextTable table(documents);
    progress("built in {:.2f} s, {:.1f} MB; FTS5 in {:.2f} s", build_s, index_mb, ms_since(begin) / 1e3);

    Figures figures;
    alternate(
        rounds, [&](std::size_t) { run(search_all(*index, queries, false, figures.plain_ms, figures.total)); },
        [&](std::size_t) { run(search_all(*index, queries, true, figures.faceted_ms, figures.total)); },
        [&](std::size_t round) {
            search_fts5(table, queries, figures.fts5_ms);
            progress("round {} of {}", round + 1, rounds);
        });
    run(suggest_all(*index, documents, random, figures.suggest_ms));
    run(update_some(*index, documents, random, figures.update_ms));
    std::vector<double> updated_ms;
    run(search_all(*index, queries, true, updated_ms, figures.total));
    const auto small_shops_mb = memory_of_small_shops_mb(documents);

    const auto plain_ms = median_of_rounds(figures.plain_ms, rounds);
    const auto faceted_ms = median_of_rounds(figures.faceted_ms, rounds);
    const auto fts5_ms = median_of_rounds(figures.fts5_ms, rounds);
    const auto p50 = percentile(plain_ms, 0.5);
    const auto p99 = percentile(plain_ms, 0.99);
    const auto faceted_p50 = percentile(faceted_ms, 0.5);
    const auto faceted_p99 = percentile(faceted_ms, 0.99);
    const auto fts5_p50 = percentile(fts5_ms, 0.5);
    const auto ratio = fts5_p50 / p50;
    const bool holds = ratio >= target_ratio && std::max(p50, faceted_p50) < target_p50_ms &&
                       std::max(p99, faceted_p99) < target_p99_ms;
    JsonLine()
        .put("name", "search")
        .put("ratio", ratio)
        .put("target", target_ratio)
        .put("holds", holds)
        .put("p50_ms", p50)
        .put("p99_ms", p99)
        .put("facets_p50_ms", faceted_p50)
        .put("facets_p99_ms", faceted_p99)
        .put("fts5_p50_ms", fts5_p50)
        .put("fts5_p99_ms", percentile(fts5_ms, 0.99))
        .put("suggest_p50_ms", percentile(figures.suggest_ms, 0.5))
        .put("suggest_p99_ms", percentile(figures.suggest_ms, 0.99))
        .put("update_p50_ms", percentile(figures.update_ms, 0.5))
        .put("update_p99_ms", percentile(figures.update_ms, 0.99))
        .put("facets_p50_after_updates_ms", percentile(updated_ms, 0.5))
        .put("facets_p99_after_updates_ms", percentile(updated_ms, 0.99))
        .put("works", documents.size())
        .put("queries", queries.size())
        .put("rounds", rounds)
        .put("mean_total", static_cast<double>(figures.total) / static_cast<double>((2 * rounds + 1) * queries.size()))
        .put("build_s", build_s)
        .put("index_mb", index_mb)
        .put("shops_1000x200_mb", small_shops_mb)
        .print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    try {
        return estante::bench::measure(argc > 1 ? argv[1] : ESTANTE_BENCH_DATA "/gutenberg_all.csv.gz");
    } catch (const std::exception& error) {
        fmt::print(stderr, "{}\n", error.what());
        return 1;
    }
}

#include "background/stream_driver.hpp"
#include "codec/timestamp.hpp"
#include "hosts/cli/command_options.hpp"
#include "records/dead_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace estante::commands {

namespace {

// The processor that --processor names, else all; prints an error and returns nothing for an unknown name.
std::optional<std::vector<StreamDriver*>> selected_processors(Bookstore& store, const Options& options, Output& output)
{
    store.start_processors();
    auto processors = store.processors();
    const auto& name = option(options, "processor");
    if (name.empty())
        return processors;
    std::string names;
    for (StreamDriver* processor : processors) {
        if (processor->processor() == name)
            return std::vector{processor};
        (names += names.empty() ? "" : ", ") += processor->processor();
    }
    output.error(fmt::format("estante: there is no processor '{}'; there are: {}", name, names));
    return std::nullopt;
}

std::string format_age(std::int64_t ms)
{
    return ms < 10'000 ? fmt::format("{} ms", std::max<std::int64_t>(ms, 0)) : fmt::format("{} s", ms / 1000);
}

std::string format_lag(const StreamDriver::Status& status, std::int64_t now_ms)
{
    if (!status.oldest_ms)
        return "up to date";
    const auto age = format_age(now_ms - *status.oldest_ms);
    return status.behind ? fmt::format("{} changes behind, the oldest committed {} ago", *status.behind, age)
                         : fmt::format("behind, the oldest change committed {} ago", age);
}

int replay_tables(Bookstore& store, StreamDriver& processor, Output& output)
{
    const bool books = processor.processor().starts_with("books_");
    ItemWalk walk(AllItems(store.store().items()), store.ports().get<Clock>(),
                  books ? queries_for_books_stream() : queries_for_purchases_stream());
    const auto items = processor.rebuild(std::move(walk), [&output](std::uint64_t item_count) {
        output.progress(fmt::format("{} items …", item_count));
        return !output.is_cancelled();
    });
    output.progress("");
    output.line(fmt::format("{}: replayed {} items of the tables", processor.processor(), items));
    return 0;
}

} // namespace

int show_streams(Bookstore& store, const Options& options, Output& output)
{
    const auto processors = selected_processors(store, options, output);
    if (!processors)
        return 1;
    const auto now_ms = store.ports().get<Clock>().now_ms();
    for (StreamDriver* processor : *processors) {
        const auto status = processor->status();
        output.line(fmt::format("{}: {}; {} processed since the start; {} dead letters", status.processor,
                                format_lag(status, now_ms), status.processed, status.dead_letters));
        if (!status.last_error.empty())
            output.line(fmt::format("  retrying: {}", status.last_error));
    }
    return 0;
}

int replay_stream(Bookstore& store, const Options& options, Output& output)
{
    const auto& from = option(options, "from");
    const auto time = from == "beginning" ? std::nullopt : parse_timestamp(from);
    if (!time && from != "beginning") {
        output.error(fmt::format(
            "estante: --from must be a time, as 2026-01-31T09:30:00Z or 2026-01-31, or beginning; it is '{}'", from));
        return 1;
    }
    const auto processors = selected_processors(store, options, output);
    if (!processors)
        return 1;
    StreamDriver& processor = *processors->front();
    if (!time)
        return replay_tables(store, processor, output);
    if (!processor.rewind(time->ms)) {
        output.line("the time is before the retention of the stream: every item of the tables is replayed");
        return replay_tables(store, processor, output);
    }
    output.line(fmt::format("{}: replays the changes since {}", processor.processor(), to_string(*time)));
    return 0;
}

int list_dead_letters(Bookstore& store, const Options& options, Output& output)
{
    const auto processors = selected_processors(store, options, output);
    if (!processors)
        return 1;
    std::size_t count = 0;
    for (const StreamDriver* processor : *processors) {
        std::optional<Cursor> after;
        do {
            const auto page = store.run(store.store().items().query(dead_letters_query(processor->processor(), after)));
            if (!page)
                throw std::runtime_error(fmt::format("cannot read the dead letters: {}", page.error().detail));
            for (const Item& item : page->items) {
                const DeadLetter letter = dead_letter_from(item);
                ++count;
                output.line(fmt::format("{} {} {} {} {}: {}", letter.processor, to_string(Timestamp{letter.failed_ms}),
                                        name_of(letter.change.table), letter.change.key.pk, letter.change.key.sk,
                                        letter.reason));
            }
            after = page->next;
        } while (after && !output.is_cancelled());
    }
    if (count == 0)
        output.line("no dead letters");
    return 0;
}

int replay_dead_letters(Bookstore& store, const Options& options, Output& output)
{
    const auto processors = selected_processors(store, options, output);
    if (!processors)
        return 1;
    bool all_processed = true;
    for (StreamDriver* processor : *processors) {
        const auto replayed = processor->replay_dead_letters();
        output.line(
            fmt::format("{}: {} processed, {} left", processor->processor(), replayed.processed, replayed.remaining));
        all_processed = all_processed && replayed.remaining == 0;
    }
    return all_processed ? 0 : 1;
}

} // namespace estante::commands

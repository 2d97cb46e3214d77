#include "background/stream_driver.hpp"
#include "codec/timestamp.hpp"
#include "hosts/cli/command_tools.hpp"
#include "records/dead_letters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace estante::commands {

namespace {

// Those that a command is about; nothing, and an error line, for a name that none has.
std::optional<std::vector<StreamDriver*>> chosen_processors(Bookstore& store, const Options& options, Output& output)
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

std::string age_text(std::int64_t ms)
{
    return ms < 10'000 ? fmt::format("{} ms", std::max<std::int64_t>(ms, 0)) : fmt::format("{} s", ms / 1000);
}

std::string lag_text(const StreamDriver::Status& status, std::int64_t now_ms)
{
    if (!status.oldest_ms)
        return "up to date";
    const auto age = age_text(now_ms - *status.oldest_ms);
    return status.behind ? fmt::format("{} changes behind, the oldest of {} ago", *status.behind, age)
                         : fmt::format("behind, the oldest change of {} ago", age);
}

int replay_all(Bookstore& store, StreamDriver& processor, Output& output)
{
    const bool books = processor.processor().starts_with("books_");
    ItemWalk walk(AllItems(store.store().items()), store.ports().get<Clock>(),
                  books ? queries_for_books_stream() : queries_for_purchases_stream());
    const auto items = processor.rebuild(std::move(walk), [&output](std::uint64_t done) {
        output.progress(fmt::format("{} items …", done));
        return !output.gone();
    });
    output.progress("");
    output.line(fmt::format("{}: {} items of the tables went through", processor.processor(), items));
    return 0;
}

} // namespace

int show_streams(Bookstore& store, const Options& options, Output& output)
{
    const auto processors = chosen_processors(store, options, output);
    if (!processors)
        return 1;
    const auto now_ms = store.ports().get<Clock>().now_ms();
    for (StreamDriver* processor : *processors) {
        const auto status = processor->status();
        output.line(fmt::format("{}: {}; {} taken in since the start; {} dead letters", status.processor,
                                lag_text(status, now_ms), status.processed, status.dead_letters));
        if (!status.last_error.empty())
            output.line(fmt::format("  tries again: {}", status.last_error));
    }
    return 0;
}

int replay_stream(Bookstore& store, const Options& options, Output& output)
{
    const auto& from = option(options, "from");
    const auto time = from == "beginning" ? std::nullopt : parse_timestamp(from);
    if (!time && from != "beginning") {
        output.error(fmt::format(
            "estante: --from must be a time, as 2026-01-31T09:30:00Z or 2026-01-31, or beginning; is '{}'", from));
        return 1;
    }
    const auto processors = chosen_processors(store, options, output);
    if (!processors)
        return 1;
    StreamDriver& processor = *processors->front();
    if (!time)
        return replay_all(store, processor, output);
    if (!processor.rewind(time->ms)) {
        output.line("the stream does not reach back so far: the views are made from the tables");
        return replay_all(store, processor, output);
    }
    output.line(fmt::format("{}: begins again with the changes since {}", processor.processor(), to_string(*time)));
    return 0;
}

int list_dead_letters(Bookstore& store, const Options& options, Output& output)
{
    const auto processors = chosen_processors(store, options, output);
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
                output.line(fmt::format("{} {} {} {} {}: {}", letter.processor,
                                        to_string(Timestamp{letter.set_aside_ms}), name_of(letter.change.table),
                                        letter.change.key.pk, letter.change.key.sk, letter.reason));
            }
            after = page->next;
        } while (after && !output.gone());
    }
    if (count == 0)
        output.line("no dead letters");
    return 0;
}

int replay_dead_letters(Bookstore& store, const Options& options, Output& output)
{
    const auto processors = chosen_processors(store, options, output);
    if (!processors)
        return 1;
    bool all = true;
    for (StreamDriver* processor : *processors) {
        const auto replayed = processor->replay_dead_letters();
        output.line(
            fmt::format("{}: {} taken in, {} left", processor->processor(), replayed.processed, replayed.remaining));
        all = all && replayed.remaining == 0;
    }
    return all ? 0 : 1;
}

} // namespace estante::commands

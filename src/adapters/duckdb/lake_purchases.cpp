#include "adapters/duckdb/lake_purchases.hpp"

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

void check_clock(TimePoint deadline)
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

std::string_view instead_of(ShopLake::Holds holds)
{
    switch (holds) {
    case ShopLake::Holds::purchases:
        return "its day is read from the JSON";
    case ShopLake::Holds::sums_of_day:
        return "its day is read from the purchases";
    case ShopLake::Holds::sums_of_month:
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

void make_open_purchases(Connection& connection)
{
    connection.run(fmt::format("CREATE TABLE IF NOT EXISTS open_purchases (shop VARCHAR, day DATE, key VARCHAR, "
                               "purchase_id VARCHAR, user_id VARCHAR, status VARCHAR, total_amount DECIMAL(18,2), "
                               "created_at TIMESTAMP, items {})",
                               items_type));
}

LakeFiles ShopLake::refresh(Connection& connection, Period period, Reading reading, TimePoint deadline)
{
    if (!in_step_)
        start_anew(connection);
    release_files();
    last_ = closed_files(read_closed_days(), period, reading, deadline);
    std::set<Day> whole;
    LakeFiles files;
    for (const Parquet& file : last_) {
        whole.insert(file.days.begin(), file.days.end());
        (file.holds == Holds::purchases ? files.parquet : files.by_book).push_back(file.path);
    }
    std::vector<std::string> elsewhere; // in the table, but now in a Parquet
    for (const auto& [day, objects] : known_) {
        if (!whole.contains(day))
            continue;
        for (const auto& [key, etag] : objects)
            elsewhere.push_back(key);
    }
    forget(connection, elsewhere);
    for (const Period& range : open_ranges(period, whole))
        read_open(connection, range, deadline);
    std::size_t count = 0;
    for (const auto& [day, keys] : known_)
        count += keys.size();
    objects = count;
    const auto books =
        need(finish(lake_.list(lake_layout::books_key(tenant_), {}, 1)), lake_layout::books_key(tenant_));
    if (!books.objects.empty())
        files.books = pinned(books.objects.front()).value_or("");
    return files;
}

bool ShopLake::set_damaged_aside(Connection& connection, TimePoint deadline)
{
    bool found = false;
    for (const Parquet& file : last_) {
        try {
            connection.run(file.holds != Holds::purchases
                               ? "SELECT count(book_id), count(title), sum(copies), sum(revenue), max(sold_at), "
                                 "max(purchase_id) FROM read_parquet($1)"
                               : "SELECT count(purchase_id), count(user_id), count(status), sum(total_amount), "
                                 "max(created_at), sum(len(items)) FROM read_parquet($1)",
                           {std::vector<std::string>{file.path}}, deadline);
        } catch (const DuckDBTimeout&) {
            throw;
        } catch (const DuckDBError& error) {
            found = true;
            options_.report(fmt::format("{} is damaged ({}); {}", file.key, error.what(), instead_of(file.holds)));
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

void ShopLake::start_anew(Connection& connection)
{
    connection.run("DELETE FROM open_purchases WHERE shop = $1", {tenant_.value});
    known_.clear();
    objects = 0;
    in_step_ = true;
}

lake_layout::ClosedDays ShopLake::read_closed_days()
{
    const auto key = lake_layout::closed_days_key(tenant_);
    const auto object = need(finish(lake_.get(key)), key);
    if (!object)
        return {};
    auto closed = lake_layout::ClosedDays::parse(object->bytes);
    if (!closed) {
        options_.report(key + " is damaged; all days are read from the JSON");
        return {};
    }
    return std::move(*closed);
}

// Asked by book: the sums of each month whose closed days are all asked for, then the sums of days, then, of a day that
// was closed without its sums or whose sums are damaged, the purchases.
std::vector<ShopLake::Parquet> ShopLake::closed_files(const lake_layout::ClosedDays& closed, const Period& period,
                                                      Reading reading, TimePoint deadline)
{
    std::set<Day> days{closed.days.lower_bound(period.first), closed.days.upper_bound(period.last)};
    std::vector<Parquet> files;
    const auto take = [&](const Wanted& wanted, Holds holds) {
        for (Parquet& file : find_files(wanted, holds, deadline)) {
            for (const Day day : file.days)
                days.erase(day);
            files.push_back(std::move(file));
        }
    };
    const auto each_day = [&](std::string (*key_of)(const TenantId&, Day)) {
        Wanted wanted;
        for (const Day day : days)
            wanted[key_of(tenant_, day)] = {day};
        return wanted;
    };
    if (reading == Reading::by_book) {
        take(whole_months(closed, period), Holds::sums_of_month);
        take(each_day(lake_layout::by_book_key), Holds::sums_of_day);
    }
    take(each_day(lake_layout::parquet_key), Holds::purchases);
    for (const Day day : days) {
        const auto key = lake_layout::parquet_key(tenant_, day);
        if (!damaged_.contains(key))
            options_.report(key + " is missing, though its day is closed; it is read from the JSON");
    }
    return files;
}

ShopLake::Wanted ShopLake::whole_months(const lake_layout::ClosedDays& closed, const Period& period) const
{
    Wanted wanted;
    for (const auto& [month, file] : closed.months) {
        const auto [first, last] = days_in(month);
        const std::set<Day> days{closed.days.lower_bound(first), closed.days.upper_bound(last)};
        if (!days.empty() && *days.begin() >= period.first && *days.rbegin() <= period.last)
            wanted[lake_layout::by_month_key(tenant_, month, file)] = days;
    }
    return wanted;
}

// Those of `wanted` that are there and not damaged. What lies between them in the lake is passed over.
std::vector<ShopLake::Parquet> ShopLake::find_files(Wanted wanted, Holds holds, TimePoint deadline)
{
    std::vector<Parquet> files;
    while (!wanted.empty()) {
        check_clock(deadline);
        const auto& first = wanted.begin()->first;
        const auto prefix = first.substr(0, first.find('/', tenant_.value.size() + 1) + 1);
        const auto page = need(finish(lake_.list(prefix, first.substr(0, first.rfind('/')), page_objects)), prefix);
        for (const ObjectInfo& object : page.objects) {
            const auto found = wanted.find(object.key);
            const auto bad = damaged_.find(object.key);
            if (found == wanted.end() || (bad != damaged_.end() && bad->second == object.etag))
                continue;
            if (auto path = pinned(object)) // else newer sums have taken its place since it was listed
                files.push_back({std::move(found->second), object.key, object.etag, std::move(*path), holds});
        }
        if (!page.next)
            break;
        wanted.erase(wanted.begin(), wanted.upper_bound(*page.next));
    }
    return files;
}

// A path of this machine under which the file stays as it is: DuckDB opens a file more than once, and a catalogue or a
// day may be put again in between. Nothing when it is no longer there.
std::optional<std::string> ShopLake::pinned(const ObjectInfo& object) const
{
    return options_.folder.empty() ? std::optional(fetched(object)) : linked(object.key);
}

// Another name for a file of the lake's folder, which takes the other file under the old name when it is replaced.
std::optional<std::string> ShopLake::linked(const std::string& key) const
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

// What is fetched is named after its ETag, so what was put later has another file.
std::string ShopLake::fetched(const ObjectInfo& object) const
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
        if (!need(finish(lake_.get_file(object.key, file)), object.key))
            throw DuckDBError(object.key + " was there a moment ago");
    }
    return file.string();
}

void ShopLake::read_open(Connection& connection, const Period& range, TimePoint deadline)
{
    const auto prefix = lake_layout::purchases_prefix(tenant_);
    std::vector<std::string> gone;
    for (auto day = known_.lower_bound(range.first); day != known_.end() && day->first <= range.last; ++day)
        for (const auto& [key, etag] : day->second)
            gone.push_back(key);
    std::optional<std::string> after = without_slash(lake_layout::purchases_prefix(tenant_, range.first));
    bool more = true;
    std::vector<std::string> seen;
    while (more && after) {
        check_clock(deadline);
        auto page = need(finish(lake_.list(prefix, after, page_objects)), prefix);
        std::vector<ObjectInfo> fresh;
        for (ObjectInfo& object : page.objects) {
            const auto place = lake_layout::purchase_object(tenant_, object.key);
            if (!place)
                continue;
            if (place->day > range.last) {
                more = false;
                break;
            }
            seen.push_back(object.key);
            const auto& day = known_[place->day];
            const auto known = day.find(object.key);
            if (known == day.end() || known->second != object.etag)
                fresh.push_back(std::move(object));
        }
        take_in(connection, fresh, deadline);
        after = page.next;
    }
    std::vector<std::string> removed; // both are in byte order
    std::ranges::set_difference(gone, seen, std::back_inserter(removed));
    forget(connection, removed);
}

void ShopLake::take_in(Connection& connection, const std::vector<ObjectInfo>& objects, TimePoint deadline)
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
            options_.report(fmt::format("{} is damaged ({}); it is left out", document.key, document.json.error()));
            continue;
        }
        documents += documents.empty() ? '[' : ',';
        documents += *document.json;
        good.push_back(document.key);
    }
    forget(connection, keys);
    in_step_ = false;
    if (!documents.empty()) {
        connection.run(
            fmt::format("INSERT INTO open_purchases SELECT $1, CAST(d.created_at AS DATE), k, d.purchase_id, "
                        "d.user_id, d.status, d.total_amount, d.created_at, d.items "
                        "FROM (SELECT unnest($2::VARCHAR[]) AS k, unnest({}) AS d)",
                        purchases_from_json("$3")),
            {tenant_.value, good, documents + "]"}, deadline);
    }
    for (const PurchaseDocument& document : read)
        known_[lake_layout::purchase_object(tenant_, document.key)->day][document.key] = document.etag;
    in_step_ = true;
}

void ShopLake::forget(Connection& connection, const std::vector<std::string>& keys)
{
    std::vector<std::string> rows;
    in_step_ = false;
    for (const std::string& key : keys) {
        const auto day = known_.find(lake_layout::purchase_object(tenant_, key)->day);
        if (day != known_.end() && day->second.erase(key) > 0)
            rows.push_back(key);
        if (day != known_.end() && day->second.empty())
            known_.erase(day);
    }
    if (!rows.empty())
        connection.run("DELETE FROM open_purchases WHERE shop = $1 AND key IN (SELECT unnest($2::VARCHAR[]))",
                       {tenant_.value, rows});
    in_step_ = true;
}

} // namespace estante::duck

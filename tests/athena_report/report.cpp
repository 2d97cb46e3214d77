// Prints the answers of an Athena endpoint to every question of ports/analytics.hpp as one JSON document, for
// scripts/athena-proof. Usage: athena_report ATHENA_URL S3_URL BUCKET PREFIX DATABASE TENANT FIRST_DAY LAST_DAY
#include "adapters/athena/athena_analytics.hpp"
#include "adapters/aws/providers.hpp"
#include "adapters/s3/s3_objects.hpp"
#include "adapters/system/system.hpp"
#include "codec/json.hpp"
#include "codec/timestamp.hpp"
#include "runtime/run_task.hpp"

#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>

namespace estante {

namespace {

Day day_of(const std::string& text)
{
    const auto time = parse_timestamp(text);
    if (!time)
        throw std::runtime_error(text + " is no day");
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time->ms)));
}

Value value_of(const Sales& sales)
{
    return List{sales.purchases, sales.items, sales.revenue_cents};
}
Value value_of(const SalesAt& at)
{
    return List{at.begin_ms, value_of(at.sales)};
}
Value value_of(const BookSales& book)
{
    return List{book.category, book.book_id, book.title, book.items, book.revenue_cents, book.rank};
}
Value value_of(const AuthorSales& author)
{
    return List{author.author, author.items, author.revenue_cents};
}
Value value_of(const CustomerSales& customer)
{
    return List{customer.user_id, value_of(customer.sales)};
}
Value value_of(const CustomerKinds& kinds)
{
    return List{kinds.new_customers, kinds.returning_customers, kinds.new_revenue_cents, kinds.returning_revenue_cents};
}
template <class T> Value value_of(const std::vector<T>& values)
{
    List list;
    for (const T& value : values)
        list.push_back(value_of(value));
    return list;
}

template <class T> Value answer(Task<Result<T>> question)
{
    const auto answered = run_task(std::move(question));
    if (!answered)
        throw std::runtime_error(answered.error().detail.en);
    return value_of(*answered);
}

std::string report(const std::span<char*> words)
{
    if (words.size() != 9)
        throw std::runtime_error("usage: athena_report ATHENA_URL S3_URL BUCKET PREFIX DATABASE TENANT FIRST LAST");
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    aws::Client client(*clock, *random);
    const std::shared_ptr<aws::Credentials> credentials = aws::static_credentials({.id = "test", .secret = "testtest"});
    const auto lake =
        create_s3_objects(client, credentials, *random,
                          {.bucket = words[3], .prefix = words[4], .region = "eu-central-1", .endpoint = words[2]});
    const auto reports = create_athena_analytics(
        client, credentials, *lake, *random,
        {.region = "eu-central-1", .endpoint = words[1], .database = words[5], .report = [](const std::string& line) {
             std::fprintf(stderr, "athena_report: %s\n", line.c_str());
         }});
    const auto tenant = TenantId::parse(words[6]);
    if (!tenant)
        throw std::runtime_error("no tenant");
    const Period period{.first = day_of(words[7]), .last = day_of(words[8])};
    const Period one_day{.first = period.first, .last = period.first};
    return json::to_text(Map{
        {"totals", answer(reports->totals(*tenant, period))},
        {"hours", answer(reports->series(*tenant, one_day, Granularity::hour))},
        {"days", answer(reports->series(*tenant, period, Granularity::day))},
        {"months", answer(reports->series(*tenant, period, Granularity::month))},
        {"top", answer(reports->top_books(*tenant, period, false, 7))},
        {"top_by_category", answer(reports->top_books(*tenant, period, true, 3))},
        {"authors", answer(reports->authors(*tenant, period, 6))},
        {"customers", answer(reports->best_customers(*tenant, period, 8))},
        {"kinds", answer(reports->customer_kinds(*tenant, period))},
    });
}

} // namespace

} // namespace estante

int main(int argc, char** argv)
try {
    std::puts(estante::report({argv, static_cast<std::size_t>(argc)}).c_str());
} catch (const std::exception& error) {
    std::fprintf(stderr, "athena_report: %s\n", error.what());
    return 1;
}

// Prints all reports of ports/analytics.hpp from an Athena endpoint as one JSON document, for scripts/athena-proof.
// Usage: athena_report ATHENA_URL S3_URL BUCKET PREFIX DATABASE TENANT FIRST_DAY LAST_DAY
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

Day parse_day(const std::string& text)
{
    const auto time = parse_timestamp(text);
    if (!time)
        throw std::runtime_error(text + " is not a day");
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(time->ms)));
}

Value to_value(const Sales& sales)
{
    return List{sales.purchases, sales.items, sales.revenue_cents};
}
Value to_value(const SalesAt& at)
{
    return List{at.begin_ms, to_value(at.sales)};
}
Value to_value(const BookSales& book)
{
    return List{book.category, book.book_id, book.title, book.items, book.revenue_cents, book.rank};
}
Value to_value(const AuthorSales& author)
{
    return List{author.author, author.items, author.revenue_cents};
}
Value to_value(const CustomerSales& customer)
{
    return List{customer.user_id, to_value(customer.sales)};
}
Value to_value(const CustomerKinds& kinds)
{
    return List{kinds.new_customers, kinds.returning_customers, kinds.new_revenue_cents, kinds.returning_revenue_cents};
}
template <class T> Value to_value(const std::vector<T>& values)
{
    List list;
    for (const T& value : values)
        list.push_back(to_value(value));
    return list;
}

template <class T> Value run_report(Task<Result<T>> report)
{
    const auto result = run_task(std::move(report));
    if (!result)
        throw std::runtime_error(result.error().detail.en);
    return to_value(*result);
}

std::string all_reports(const std::span<char*> arguments)
{
    if (arguments.size() != 9)
        throw std::runtime_error("usage: athena_report ATHENA_URL S3_URL BUCKET PREFIX DATABASE TENANT FIRST LAST");
    const auto clock = create_system_clock();
    const auto random = create_system_random();
    aws::Client client(*clock, *random);
    const std::shared_ptr<aws::CredentialsProvider> credentials =
        aws::static_credentials({.id = "test", .secret = "testtest"});
    const auto lake = create_s3_objects(
        client, credentials, *random,
        {.bucket = arguments[3], .prefix = arguments[4], .region = "eu-central-1", .endpoint = arguments[2]});
    const auto reports = create_athena_analytics(
        client, credentials, *lake, *random,
        {.region = "eu-central-1",
         .endpoint = arguments[1],
         .database = arguments[5],
         .report = [](const std::string& line) { std::fprintf(stderr, "athena_report: %s\n", line.c_str()); }});
    const auto tenant = TenantId::parse(arguments[6]);
    if (!tenant)
        throw std::runtime_error("TENANT is not a valid tenant id");
    const Period period{.first = parse_day(arguments[7]), .last = parse_day(arguments[8])};
    const Period one_day{.first = period.first, .last = period.first};
    return json::to_text(Map{
        {"totals", run_report(reports->totals(*tenant, period))},
        {"hours", run_report(reports->series(*tenant, one_day, Granularity::hour))},
        {"days", run_report(reports->series(*tenant, period, Granularity::day))},
        {"months", run_report(reports->series(*tenant, period, Granularity::month))},
        {"top", run_report(reports->top_books(*tenant, period, false, 7))},
        {"top_by_category", run_report(reports->top_books(*tenant, period, true, 3))},
        {"authors", run_report(reports->authors(*tenant, period, 6))},
        {"customers", run_report(reports->best_customers(*tenant, period, 8))},
        {"kinds", run_report(reports->customer_kinds(*tenant, period))},
    });
}

} // namespace

} // namespace estante

int main(int argc, char** argv)
try {
    std::puts(estante::all_reports({argv, static_cast<std::size_t>(argc)}).c_str());
} catch (const std::exception& error) {
    std::fprintf(stderr, "athena_report: %s\n", error.what());
    return 1;
}

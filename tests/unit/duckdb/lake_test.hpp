// A lake in a folder, and random purchases that are added to it and to the reference implementation.
#pragma once

#include "adapters/duckdb/duckdb_analytics.hpp"
#include "adapters/filesystem/filesystem_objects.hpp"
#include "adapters/memory/memory_analytics.hpp"
#include "codec/gzip.hpp"
#include "codec/json.hpp"
#include "codec/lake_layout.hpp"
#include "codec/timestamp.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

#include <boost/describe/enum_to_string.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace estante {

class LakeTest : public ::testing::Test {
protected:
    TemporaryFolder folder;
    std::unique_ptr<ObjectStore> lake = create_filesystem_objects(folder.path() / "lake");
    std::mutex reported_mutex;
    std::vector<std::string> reported;
    MemoryAnalytics reference;
    std::mt19937_64 random{20'260'131};
    const TenantId acme{"acme"};

    DuckDBOptions options()
    {
        return {.folder = folder.path() / "lake",
                .scratch = folder.path() / "scratch",
                .memory_mb = 256,
                .report = [this](const std::string& line) {
                    const std::lock_guard lock(reported_mutex);
                    reported.push_back(line);
                }};
    }

    static Day day(std::string_view text) { return CalendarDate::parse(text)->day(); }
    std::uint64_t up_to(std::uint64_t most) { return random() % (most + 1); }

    static std::string key_of(const TenantId& tenant, const Purchase& purchase)
    {
        return lake_layout::purchases_prefix(tenant, day_of(purchase.created_ms)) + purchase.id.value + ".json.gz";
    }

    static std::string document_of(const TenantId& tenant, const Purchase& purchase)
    {
        List items;
        for (const PurchaseLine& line : purchase.lines)
            items.emplace_back(Map{{"book_id", line.book_id.value},
                                   {"title", line.title},
                                   {"quantity", line.quantity},
                                   {"unit_price", Number::hundredths(line.unit_price.cents)},
                                   {"subtotal", Number::hundredths(line.subtotal.cents)},
                                   {"vat_rate", Number::hundredths(line.vat_rate_basis_points)}});
        std::string created = to_string(Timestamp{purchase.created_ms});
        created[10] = ' ';
        created.pop_back();
        return json::to_text(Map{{"purchase_id", purchase.id.value},
                                 {"tenant_id", tenant.value},
                                 {"user_id", purchase.user_id.value},
                                 {"number", "2026-000001"},
                                 {"status", boost::describe::enum_to_string(purchase.status, "")},
                                 {"total_amount", Number::hundredths(purchase.total.cents)},
                                 {"currency", "EUR"},
                                 {"created_at", created},
                                 {"updated_at", created},
                                 {"items", std::move(items)},
                                 {"vat", List{}},
                                 {"delivery_method", "collect"},
                                 {"payment_method", "in_shop"}});
    }

    void put_object(const std::string& key, const std::string& bytes) { ASSERT_TRUE(run(lake->put(key, bytes, {}))); }

    // As sell(), without waiting for the disk.
    void sell_quickly(const TenantId& tenant, const Purchase& purchase)
    {
        const auto file = folder.path() / "lake" / key_of(tenant, purchase);
        std::filesystem::create_directories(file.parent_path());
        std::ofstream(file, std::ios::binary) << gzip(document_of(tenant, purchase));
        reference.put(tenant, purchase);
    }

    void sell(const TenantId& tenant, const Purchase& purchase)
    {
        put_object(key_of(tenant, purchase), gzip(document_of(tenant, purchase)));
        reference.put(tenant, purchase);
    }

    Purchase random_purchase(Day first, int days)
    {
        const auto ms =
            first_ms(first) + static_cast<std::int64_t>(up_to(static_cast<std::uint64_t>(days) * 86'400'000 - 1));
        const auto entropy = random();
        Ulid ulid{.time_ms = static_cast<std::uint64_t>(ms)};
        for (std::size_t i = 0; i < 8; ++i)
            ulid.entropy[i] = static_cast<std::uint8_t>(entropy >> (8 * i));
        Purchase purchase{.id = PurchaseId::from(ulid),
                          .user_id = UserId::from({.time_ms = 1, .entropy = {static_cast<std::uint8_t>(up_to(60))}}),
                          .status = static_cast<PurchaseStatus>(up_to(6)),
                          .currency = "EUR",
                          .created_ms = ms,
                          .updated_ms = ms};
        for (auto lines = 1 + up_to(3); lines > 0; --lines) {
            const auto book = up_to(40);
            const auto book_id = BookId::from({.time_ms = 2, .entropy = {static_cast<std::uint8_t>(book)}});
            if (std::ranges::find(purchase.lines, book_id, &PurchaseLine::book_id) != purchase.lines.end())
                continue; // a cart has one line for a book
            const auto quantity = static_cast<std::int64_t>(1 + up_to(4));
            const Money price{static_cast<std::int64_t>(1 + up_to(9'999))};
            purchase.lines.push_back({.book_id = book_id,
                                      .title = "It's \"book\" " + std::to_string(book) + "/" + std::to_string(up_to(2)),
                                      .quantity = quantity,
                                      .unit_price = price,
                                      .subtotal = price * quantity,
                                      .vat_rate_basis_points = 400});
            purchase.total += purchase.lines.back().subtotal;
        }
        return purchase;
    }

    // Every report equals the reference.
    void expect_equal(Analytics& analytics, const TenantId& tenant, Period period)
    {
        EXPECT_EQ(*run(analytics.totals(tenant, period)), *run(reference.totals(tenant, period)));
        for (const auto granularity : {Granularity::hour, Granularity::day, Granularity::month}) {
            const auto expected = run(reference.series(tenant, period, granularity));
            const auto answered = run(analytics.series(tenant, period, granularity));
            ASSERT_EQ(answered.has_value(), expected.has_value());
            if (expected)
                EXPECT_EQ(*answered, *expected);
        }
        for (const bool by_category : {false, true})
            EXPECT_EQ(*run(analytics.top_books(tenant, period, by_category, 7)),
                      *run(reference.top_books(tenant, period, by_category, 7)));
        EXPECT_EQ(*run(analytics.authors(tenant, period, 9)), *run(reference.authors(tenant, period, 9)));
        EXPECT_EQ(*run(analytics.best_customers(tenant, period, 11)),
                  *run(reference.best_customers(tenant, period, 11)));
        EXPECT_EQ(*run(analytics.customer_kinds(tenant, period)), *run(reference.customer_kinds(tenant, period)));
    }
};

} // namespace estante

// Durable checkouts by 64 clients in 10,000 shops. The reference is one shop with as many books as all of them
// together. The first checkout of a shop reserves a block of 100 purchase numbers, so each shop sells once before the
// rounds.
#include "checkout_load.hpp"

namespace estante::bench {
namespace {

constexpr std::size_t shops = 10'000;
constexpr std::size_t books_per_shop = 10;

int measure_all(const std::filesystem::path& folder)
{
    constexpr std::size_t rounds = 5;
    constexpr std::size_t checkouts = 10'000;
    std::vector<double> ratios;
    std::vector<CheckoutFigures> ours;
    std::vector<CheckoutFigures> theirs;
    {
        CheckoutLoad many(folder / "many", {.shops = shops, .books_per_shop = books_per_shop});
        CheckoutLoad one(folder / "one", {.shops = 1, .books_per_shop = shops * books_per_shop});
        progress("first checkout in each of {} shops: {}", shops, to_text(many.measure(64, shops)));
        one.measure(64, shops);
        alternate(
            rounds, [&](std::size_t) { ours.push_back(many.measure(64, checkouts)); },
            [&](std::size_t) { theirs.push_back(one.measure(64, checkouts)); });
        for (std::size_t i = 0; i < rounds; ++i) {
            ratios.push_back(ours[i].per_second / theirs[i].per_second);
            progress("round {}: {} shops {}; one shop {}: {:.2f}x", i + 1, shops, to_text(ours[i]), to_text(theirs[i]),
                     ratios.back());
        }
        for (const std::size_t clients : {1, 8, 64, 512}) {
            const std::size_t count = clients == 1 ? 3'000 : 10'000;
            progress("{:3} clients: {} shops {}", clients, shops, to_text(many.measure(clients, count)));
            progress("{:3} clients: one shop {}", clients, to_text(one.measure(clients, count)));
        }
    }
    const double ratio = percentile(ratios, 0.5);
    JsonLine result;
    result.put("name", "tenants").put("ratio", ratio).put("target", 0.8).put("holds", ratio >= 0.8);
    result.put("per_s", median(ours, &CheckoutFigures::per_second))
        .put("one_tenant_per_s", median(theirs, &CheckoutFigures::per_second))
        .put("p99_ms", median(ours, &CheckoutFigures::p99_ms))
        .put("fsyncs_per_checkout", median(ours, &CheckoutFigures::syncs_per_checkout));
    result.print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    return estante::bench::measure_all(argc > 1 ? argv[1] : "build/bench-tenants");
}

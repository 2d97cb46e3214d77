// Durable checkouts by 64 clients. The reference is the same store with group commit disabled: each transaction has its
// own commit.
#include "checkout_load.hpp"

namespace estante::bench {
namespace {

int measure_all(const std::filesystem::path& folder)
{
    constexpr std::size_t rounds = 3;
    std::vector<double> ratios;
    std::vector<CheckoutFigures> ours;
    std::vector<CheckoutFigures> theirs;
    {
        CheckoutLoad grouped(folder / "grouped", {});
        CheckoutLoad single(folder / "single", {.max_group_transactions = 1});
        alternate(
            rounds, [&](std::size_t) { ours.push_back(grouped.measure(64, 12'000)); },
            [&](std::size_t) { theirs.push_back(single.measure(64, 6'000)); });
        for (std::size_t i = 0; i < rounds; ++i) {
            ratios.push_back(ours[i].per_second / theirs[i].per_second);
            progress("round {}: grouped {:.0f}/s, p99 {:.1f} ms, {:.3f} fsyncs each; commit each {:.0f}/s: {:.2f}x",
                     i + 1, ours[i].per_second, ours[i].p99_ms, ours[i].syncs_per_checkout, theirs[i].per_second,
                     ratios.back());
        }
        for (const std::size_t clients : {1, 8, 64, 512})
            progress("{:3} clients: {}", clients, to_text(grouped.measure(clients, clients == 1 ? 3'000 : 10'000)));
    }
    const double ratio = percentile(ratios, 0.5);
    const double p99_ms = median(ours, &CheckoutFigures::p99_ms);
    const double fsyncs = median(ours, &CheckoutFigures::syncs_per_checkout);
    JsonLine result;
    result.put("name", "checkout")
        .put("ratio", ratio)
        .put("target", 2.0)
        .put("holds", ratio >= 2 && p99_ms < 30 && fsyncs <= 1.0 / 8);
    result.put("per_s", ours[0].per_second).put("p99_ms", p99_ms).put("fsyncs_per_checkout", fsyncs);
    result.print();
    return 0;
}

} // namespace
} // namespace estante::bench

int main(int argc, char** argv)
{
    return estante::bench::measure_all(argc > 1 ? argv[1] : "build/bench-checkout");
}

// Shared by the benchmarks: times, percentiles, and the JSON line of the result.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace estante::bench {

using Clock = std::chrono::steady_clock;

inline double ms_since(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// The percentile `share` (0 to 1) of samples in any order; 0 without samples.
inline double percentile(std::vector<double> samples, double share)
{
    if (samples.empty())
        return 0;
    const auto at = std::min(samples.size() - 1, static_cast<std::size_t>(share * static_cast<double>(samples.size())));
    std::ranges::nth_element(samples, samples.begin() + static_cast<std::ptrdiff_t>(at));
    return samples[at];
}

// For each case the median over the rounds. The samples are those of the first round, then those of the second …
inline std::vector<double> median_of_rounds(const std::vector<double>& samples, std::size_t rounds)
{
    const auto cases = samples.size() / rounds;
    std::vector<double> medians;
    medians.reserve(cases);
    for (std::size_t number = 0; number < cases; ++number) {
        std::vector<double> times;
        for (std::size_t round = 0; round < rounds; ++round)
            times.push_back(samples[round * cases + number]);
        medians.push_back(percentile(std::move(times), 0.5));
    }
    return medians;
}

// One line to stderr.
template <class... Arguments> void progress(fmt::format_string<Arguments...> format, Arguments&&... arguments)
{
    fmt::print(stderr, "{}\n", fmt::format(format, std::forward<Arguments>(arguments)...));
}

// Runs the contestants alternately, so that noise of the machine affects all of them alike. Each is called with the
// round number.
template <std::invocable<std::size_t>... Contestants> void alternate(std::size_t rounds, Contestants&&... contestants)
{
    for (std::size_t round = 0; round < rounds; ++round)
        (contestants(round), ...);
}

// One JSON object on one line; members keep their order. Names and texts must be plain ASCII without quotes.
class JsonLine {
public:
    JsonLine& put(std::string_view name, std::string_view text) { return put_raw(name, fmt::format("\"{}\"", text)); }
    JsonLine& put(std::string_view name, const char* text) { return put(name, std::string_view(text)); }
    JsonLine& put(std::string_view name, bool value) { return put_raw(name, value ? "true" : "false"); }
    JsonLine& put(std::string_view name, std::integral auto value) { return put_raw(name, fmt::format("{}", value)); }
    JsonLine& put(std::string_view name, double value) { return put_raw(name, fmt::format("{:.4f}", value)); }
    void print() const
    {
        std::fflush(stderr);
        fmt::print("{{{}}}\n", members_);
        std::fflush(stdout);
    }

private:
    JsonLine& put_raw(std::string_view name, std::string_view value)
    {
        members_ += fmt::format("{}\"{}\":{}", members_.empty() ? "" : ",", name, value);
        return *this;
    }

    std::string members_;
};

} // namespace estante::bench

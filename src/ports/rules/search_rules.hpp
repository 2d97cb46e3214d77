// The rules of the search index that all engines share: facet values and refusals.
#pragma once

#include "ports/search_index.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace estante {

// The bounds between price bands: below 5, 5 to 10 … 50 and above.
inline constexpr std::int64_t price_band_cents[] = {500, 1000, 2000, 3000, 5000};
int decade_of(int year);                // its first year
int price_band_of(std::int64_t cents);  // the index of the band, from 0
std::string price_band_name(int index); // its lower bound, as in FacetCount::value

// Errors: invalid, for a limit that is not 1 to `max`.
Result<void> check_limit(std::size_t limit, std::size_t max);
std::unexpected<Error> unknown_cursor();

} // namespace estante

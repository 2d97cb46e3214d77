#pragma once

#include "ports/search_index.hpp"

#include <boost/describe.hpp>

namespace estante::books {

// In JSON minus_price is "-price". `relevance` without a text sorts by rating, then id.
enum class BookSort { relevance, rating, price, minus_price, year, title, updated };
BOOST_DESCRIBE_ENUM(BookSort, relevance, rating, price, minus_price, year, title, updated)

inline SearchSort search_sort(BookSort sort)
{
    switch (sort) {
    case BookSort::relevance:
        return SearchSort::relevance;
    case BookSort::rating:
        return SearchSort::rating;
    case BookSort::price:
        return SearchSort::price;
    case BookSort::minus_price:
        return SearchSort::price_descending;
    case BookSort::year:
        return SearchSort::year;
    case BookSort::title:
        return SearchSort::title;
    case BookSort::updated:
        return SearchSort::updated;
    }
    return SearchSort::relevance;
}

} // namespace estante::books

// How often an operation tries again when somebody else was faster, and what it answers then.
#pragma once

#include "domain/result.hpp"

namespace estante {

// Reads of the stock and attempts to change it. While copies only sell, a line's second or third attempt decides: each
// refusal means that on_hand fell, and it takes another kind of condition then. More are needed only while copies come
// and go at the same time.
inline constexpr int max_stock_attempts = 12;

// Changes of one person's cart, or of one purchase, from several places at once.
inline constexpr int max_cart_attempts = 5;

// Says nothing about whether there are copies: that is known only from a read.
inline std::unexpected<Error> stock_contention()
{
    auto busy = failure(Errc::unavailable,
                        "Las existencias cambian sin cesar en este momento. Vuelva a intentarlo dentro de un segundo.",
                        "The stock keeps changing at this moment. Try again in a second.");
    busy.error().retry_after_s = 1;
    return busy;
}

} // namespace estante

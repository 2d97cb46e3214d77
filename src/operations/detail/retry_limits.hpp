// How often an operation retries a write that lost to another one, and the error after the last attempt.
#pragma once

#include "domain/result.hpp"

namespace estante {

// Attempts to change a stock. If all writers only sell, the second or third attempt succeeds: each refusal means that
// on_hand fell, and the next attempt uses another kind of condition. More attempts are needed only if copies also
// arrive at the same time.
inline constexpr int max_stock_attempts = 12;

// Attempts to change a cart or a purchase that several clients change at the same time.
inline constexpr int max_cart_attempts = 5;

// It does not mean that the book is sold out: only a read of the stock shows that.
inline std::unexpected<Error> stock_contention()
{
    auto contention =
        failure(Errc::unavailable,
                "Demasiadas peticiones cambian estas existencias a la vez. Vuelva a intentarlo dentro de un segundo.",
                "Too many requests are changing this stock at the same time. Try again in a second.");
    contention.error().retry_after_s = 1;
    return contention;
}

} // namespace estante

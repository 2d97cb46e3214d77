// The stock of a book as the API shows it to managers.
#pragma once

#include "codec/shapes.hpp"
#include "domain/result.hpp"
#include "domain/tenant.hpp"
#include "ports/tenant_items.hpp"
#include "records/stock.hpp"

#include <boost/describe.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace estante::books {

using OnHand = Int<0, Stock::max_on_hand>;

struct AdjustmentView {
    std::int64_t delta = 0;
    std::string reason;
    UserId user_id;
    Timestamp at;

    bool operator==(const AdjustmentView&) const = default;
};
BOOST_DESCRIBE_STRUCT(AdjustmentView, (), (delta, reason, user_id, at))

struct StockView {
    BookId book_id;
    std::int64_t on_hand = 0;
    bool in_stock = false;
    std::optional<Money> price;
    Currency currency;
    std::optional<AdjustmentView> last_adjustment;
    std::int64_t version = 1;

    std::string etag() const { return std::to_string(version); }
    bool operator==(const StockView&) const = default;
};
BOOST_DESCRIBE_STRUCT(StockView, (), (book_id, on_hand, in_stock, price, currency, last_adjustment, version))

StockView to_view(const StockRecord& record, const Currency& currency);

} // namespace estante::books

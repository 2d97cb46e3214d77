#include "domain/tenant.hpp"

#include "domain/icu_status.hpp"

#include <unicode/ucurr.h>
#include <unicode/uenum.h>

#include <algorithm>
#include <memory>
#include <vector>

namespace estante {

namespace {

// In order. (ucurr_isAvailable would judge by dates, and by those of one region alone: not even the pound passes.)
std::vector<std::string> currencies_in_use_with_two_decimals()
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UEnumeration, decltype(&uenum_close)> all(
        ucurr_openISOCurrencies(UCURR_COMMON | UCURR_NON_DEPRECATED, &status), &uenum_close);
    check_icu(all.get(), status, "list the currencies");
    std::vector<std::string> codes;
    std::int32_t size = 0;
    while (const char* code = uenum_next(all.get(), &size, &status)) {
        const char16_t wide[] = {static_cast<char16_t>(code[0]), static_cast<char16_t>(code[1]),
                                 static_cast<char16_t>(code[2]), 0};
        if (ucurr_getDefaultFractionDigits(wide, &status) == 2)
            codes.emplace_back(code);
    }
    check_icu(status, "list the currencies");
    std::ranges::sort(codes);
    return codes;
}

} // namespace

std::optional<Currency> Currency::parse(std::string_view text)
{
    static const auto known = currencies_in_use_with_two_decimals();
    if (!std::ranges::binary_search(known, text))
        return std::nullopt;
    return Currency{std::string(text)};
}

} // namespace estante

#include "analysis/title_collation.hpp"

#include "domain/icu_status.hpp"

#include <unicode/unistr.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace estante::analysis {

TitleCollation::TitleCollation()
{
    UErrorCode status = U_ZERO_ERROR;
    collator_.reset(icu::Collator::createInstance(icu::Locale("es"), status));
    check_icu(collator_.get(), status == U_USING_DEFAULT_WARNING ? U_MISSING_RESOURCE_ERROR : status,
              "open the Spanish collation");
}

std::string TitleCollation::key_of(std::string_view title) const
{
    const auto text =
        icu::UnicodeString::fromUTF8(icu::StringPiece(title.data(), static_cast<std::int32_t>(title.size())));
    std::array<std::uint8_t, 256> bytes;
    const auto length = collator_->getSortKey(text, bytes.data(), static_cast<std::int32_t>(bytes.size()));
    if (length == 0 || text.isBogus()) // even the empty title has a key of one byte
        throw std::runtime_error("ICU cannot make a collation key");
    if (length <= static_cast<std::int32_t>(bytes.size()))
        return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length)};
    std::string key(static_cast<std::size_t>(length), '\0');
    collator_->getSortKey(text, reinterpret_cast<std::uint8_t*>(key.data()), length);
    return key;
}

} // namespace estante::analysis

// The alphabetical order of titles: Spanish collation (ñ after n, accents and case as later differences), from ICU.
#pragma once

#include <unicode/coll.h>

#include <memory>
#include <string>
#include <string_view>

namespace estante::analysis {

// Any thread.
class TitleCollation {
public:
    TitleCollation(); // throws if ICU's data has no Spanish collation

    // Keys compare as bytes the way their titles do.
    std::string key_of(std::string_view title) const;

private:
    std::unique_ptr<const icu::Collator> collator_;
};

} // namespace estante::analysis

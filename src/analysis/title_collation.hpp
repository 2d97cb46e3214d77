// The alphabetical order of titles: ICU's Spanish collation (ñ after n; accents and case are secondary differences).
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

    // The sort key of a title. Keys compare as bytes in the order of their titles.
    std::string key_of(std::string_view title) const;

private:
    std::unique_ptr<const icu::Collator> collator_;
};

} // namespace estante::analysis

// Every function of ICU returns a status code. A failure is thrown.
#pragma once

#include <unicode/utypes.h>

#include <stdexcept>
#include <string>

namespace estante {

// `doing` ends the sentence "ICU cannot …".
inline void check_icu(UErrorCode status, const char* doing)
{
    if (U_FAILURE(status))
        throw std::runtime_error(std::string("ICU cannot ") + doing + ": " + u_errorName(status));
}

// The same for a function that returns a pointer.
template <class T> T* check_icu(T* made, UErrorCode status, const char* doing)
{
    check_icu(made ? status : U_FAILURE(status) ? status : U_MEMORY_ALLOCATION_ERROR, doing);
    return made;
}

} // namespace estante

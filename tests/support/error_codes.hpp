// What a test expects of a failed result.
#pragma once

#include "domain/result.hpp"

#include <stdexcept>
#include <string>

namespace estante {

template <class T> Errc code_of(const Result<T>& result)
{
    return result ? throw std::logic_error("it succeeded") : result.error().code;
}

// The pointer of the only fault of an invalid request.
template <class T> std::string fault_of(const Result<T>& result)
{
    if (code_of(result) != Errc::invalid || result.error().faults.size() != 1)
        throw std::logic_error("it does not have exactly one fault");
    return result.error().faults.front().pointer;
}

} // namespace estante

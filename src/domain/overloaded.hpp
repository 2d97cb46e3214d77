// Combines lambdas into one visitor of a variant.
#pragma once

namespace estante {

template <class... Fs> struct Overloaded : Fs... {
    using Fs::operator()...;
};

} // namespace estante

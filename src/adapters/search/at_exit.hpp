// Does something at the end of a block, however it is left.
#pragma once

#include <utility>

namespace estante::search {

template <class Function> class AtExit {
public:
    explicit AtExit(Function function) : function_(std::move(function)) {}
    ~AtExit() { function_(); }
    AtExit(const AtExit&) = delete;
    AtExit& operator=(const AtExit&) = delete;

private:
    Function function_;
};

} // namespace estante::search

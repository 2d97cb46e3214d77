// Feeds live sales from the change stream while somebody watches; while nobody does, the stream is not read for it.
#pragma once

#include "ports/change_stream.hpp"
#include "ports/live_sales.hpp"

#include <chrono>
#include <memory>

namespace estante {

class LiveDriver {
public:
    // Both outlive it. It begins after the newest change whenever the first watch begins.
    LiveDriver(ChangeStream& stream, LiveSales& live, std::chrono::milliseconds retry_interval);
    ~LiveDriver();

    // To be called when there is a watch after there was none; any thread.
    void watched();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace estante

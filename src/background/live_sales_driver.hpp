// Feeds live sales from the change stream while somebody watches. Without watches it does not read the stream.
#pragma once

#include "background/worker.hpp"
#include "ports/change_stream.hpp"
#include "ports/live_sales_hub.hpp"

#include <chrono>
#include <string>

namespace estante {

class LiveSalesDriver {
public:
    // The feed starts after the newest change whenever a first watch begins; then the worker is woken, as at each
    // commit. The worker is this driver's alone. All outlive it.
    LiveSalesDriver(ChangeStream& stream, LiveSalesHub& live, Worker& worker, std::chrono::milliseconds retry_interval);
    ~LiveSalesDriver() { worker_.stop(); }
    LiveSalesDriver(const LiveSalesDriver&) = delete;
    LiveSalesDriver& operator=(const LiveSalesDriver&) = delete;

private:
    ChangeStream& stream_;
    LiveSalesHub& live_;
    Worker& worker_;
    std::string processor_;
    bool is_following_ = false;

    Task<StepResult> step();
};

} // namespace estante

// Everything that runs without a request: a scheduler has named workers, a worker runs tasks step by step.
#pragma once

#include "background/worker.hpp"

#include <memory>
#include <string>
#include <vector>

namespace estante {

// Used by one thread. It outlives what its workers' tasks use, so each owner of tasks stops its worker itself.
class Scheduler {
public:
    Scheduler() = default;
    ~Scheduler(); // as stop()
    Scheduler(const Scheduler&) = delete;
    Scheduler& operator=(const Scheduler&) = delete;

    Worker& add_worker(std::string name, Worker::Priority priority);
    // Stops all workers. They finish their current steps concurrently.
    void stop();

private:
    std::vector<std::unique_ptr<Worker>> workers_;
};

} // namespace estante

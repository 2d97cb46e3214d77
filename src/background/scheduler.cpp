#include "background/scheduler.hpp"

#include <utility>

namespace estante {

Scheduler::~Scheduler()
{
    stop();
}

Worker& Scheduler::add_worker(std::string name, Worker::Priority priority)
{
    return *workers_.emplace_back(std::make_unique<Worker>(std::move(name), priority));
}

void Scheduler::stop()
{
    for (const auto& worker : workers_)
        worker->request_stop();
    for (const auto& worker : workers_)
        worker->stop();
}

} // namespace estante

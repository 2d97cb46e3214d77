#include "runtime/run_task.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <stdexcept>

namespace estante {

void run_task(Task<void> task)
{
    boost::asio::io_context loop{1};
    std::exception_ptr thrown;
    bool ended = false;
    boost::asio::co_spawn(loop, std::move(task), [&](std::exception_ptr error) {
        thrown = std::move(error);
        ended = true;
    });
    loop.run();
    if (thrown)
        std::rethrow_exception(thrown);
    if (!ended)
        throw std::logic_error("the coroutine never finished");
}

} // namespace estante

// Priorities of background threads.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace estante {

// Gives the calling thread, and the threads that it starts from now on, the nice value 10. They get about a tenth of a
// busy core beside a thread of normal priority, and all of an idle one. On Linux each thread has its own nice value
// (setpriority(2)).
inline void lower_thread_priority()
{
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10);
}

} // namespace estante

// For threads whose work nobody waits for.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace estante {

// From now on the calling thread, and those that it starts, leave a busy processor to threads that answer somebody: it
// takes the nice value 10, a tenth of another's share (setpriority(2); on Linux each thread has a value of its own). It
// is slowed down, never kept from working.
inline void step_back()
{
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10);
}

} // namespace estante

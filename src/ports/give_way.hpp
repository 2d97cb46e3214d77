// For threads whose work nobody waits for, or not as urgently as for an answer.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

namespace estante {

// How far a thread gives way: the nice value that it takes (setpriority(2); on Linux each thread has one of its own).
enum class GiveWay : int {
    somewhat = 5,   // a third of another thread's share of a busy processor
    generously = 10 // a tenth
};

// From now on the calling thread, and those that it starts, leave a busy processor to threads that answer somebody.
// They are slowed down, never kept from working.
inline void give_way(GiveWay how)
{
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), static_cast<int>(how));
}

} // namespace estante

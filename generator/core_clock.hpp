#pragma once

#include <time.h>

namespace orrery {

/// Seconds of `clock`, one of POSIX's.
inline double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Core seconds that the calling thread has used. Unlike wall time it does not grow while others
/// have the core.
inline double thread_seconds() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

/// Core seconds that all threads of this process have used.
inline double process_seconds() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace orrery

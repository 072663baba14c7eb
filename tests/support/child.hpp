#pragma once

#include <functional>

namespace orrery::testing {

/// How a process of its own ended.
struct ChildEnd {
  int status = -1;     ///< exit status; -1: a signal ended it
  double mib = 0;      ///< the most memory it had, MiB
  double seconds = 0;  ///< of the processor
};

/// Runs `work` in a child process, whose memory is counted apart; it exits with what `work`
/// returns, or with 99 and a word on stderr if that throws.
ChildEnd run_child(const std::function<int()>& work);

}  // namespace orrery::testing

#pragma once

#include <chrono>
#include <cstdint>

namespace orrery {

/// Tells people how far a run is, on standard error: a bar with images/s and time left on a
/// terminal, a plain line every ten seconds otherwise.
class Progress {
 public:
  explicit Progress(bool quiet);
  void update(std::uint64_t done, std::uint64_t count);
  /// Ends the bar's line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  std::uint64_t done_before_ = 0;  // by earlier runs: not ours to count as speed
  bool started_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

}  // namespace orrery

#pragma once

#include <atomic>
#include <filesystem>
#include <thread>

namespace orrery {

/// Stops a run that schedulers and people ask to stop: SIGTERM, SIGINT, SIGUSR1 and SIGUSR2 stay
/// pending, where fill() sees them and drains. What has not ended 1.6 s later ends with
/// Exit::drained all the same, and so does, at once, who presses Ctrl-C again; both leave only
/// whole chunks behind. A repeated SIGTERM does no harm.
class DrainSignals {
 public:
  /// Holds the signals (hold_signals) from now on, for good. What this process
  /// writes aside in `folder` is removed if it must end before it is whole.
  explicit DrainSignals(std::filesystem::path folder);
  ~DrainSignals();
  DrainSignals(const DrainSignals&) = delete;
  DrainSignals& operator=(const DrainSignals&) = delete;

 private:
  void watch() const;
  [[noreturn]] void give_up() const;

  std::filesystem::path folder_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// A signal that asks to stop is pending.
bool asked_to_stop();

}  // namespace orrery

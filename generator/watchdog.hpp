#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace orrery {

/// Ends the process when one of its workers takes longer over something than it may: a driver that
/// hangs can be neither interrupted nor waited for. Time in which the whole process was stopped
/// does not count.
class Watchdog {
 public:
  /// `patience` zero: never. `last_words` is told which worker hangs; the process ends with
  /// Exit::unavailable when it returns.
  Watchdog(std::chrono::duration<double> patience, std::size_t workers,
           std::function<void(std::size_t worker)> last_words);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// The worker has begun something, or come along with it.
  void alive(std::size_t worker);
  /// The worker has nothing to do.
  void idle(std::size_t worker);

 private:
  struct Worker {
    bool busy = false;
    std::chrono::duration<double> silent{0};
  };
  void watch();

  const std::chrono::duration<double> patience_;
  const std::function<void(std::size_t)> last_words_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable over_changed_;
  bool over_ = false;
  std::vector<Worker> workers_;
  std::thread thread_;
};

}  // namespace orrery

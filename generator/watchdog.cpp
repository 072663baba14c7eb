#include "generator/watchdog.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "scenes/error.hpp"

namespace orrery {

Watchdog::Watchdog(std::chrono::duration<double> patience, std::size_t workers,
                   std::function<void(std::size_t)> last_words)
    : patience_(patience), last_words_(std::move(last_words)), workers_(workers) {
  if (patience_.count() > 0) thread_ = std::thread([this] { watch(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  over_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Watchdog::alive(std::size_t worker) {
  const std::lock_guard lock(mutex_);
  workers_.at(worker) = {.busy = true};
}

void Watchdog::idle(std::size_t worker) {
  const std::lock_guard lock(mutex_);
  workers_.at(worker) = {};
}

void Watchdog::watch() {
  const std::chrono::duration<double> tick =
      std::min(patience_ / 10, std::chrono::duration<double>(1));
  std::unique_lock lock(mutex_);
  while (!over_changed_.wait_for(lock, tick, [this] { return over_; })) {
    for (std::size_t i = 0; i < workers_.size(); ++i) {
      // Ticks are counted, no clock is read: schedulers stop processes for hours, clocks go on.
      if (workers_[i].busy) workers_[i].silent += tick;
      if (workers_[i].silent <= patience_) continue;
      lock.unlock();
      last_words_(i);
      std::_Exit(static_cast<int>(Exit::unavailable));
    }
  }
}

}  // namespace orrery

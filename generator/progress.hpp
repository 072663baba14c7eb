#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>

#include "generator/metrics_text.hpp"
#include "generator/sample_failure.hpp"

namespace orrery {

/// How a run tells how far it is.
enum class ProgressForm : std::uint8_t {
  people,  ///< on standard error: a bar on a terminal, else a line every ten seconds
  quiet,   ///< not at all
  openjd,  ///< on standard output, as Open Job Description's sessions read it
  json,    ///< on standard output, one object a line: its "event" is progress, failure,
           ///< finished or error
};

/// Tells how far a run is, at least every 20 seconds whatever it is busy with, since schedulers end
/// tasks that say nothing. Failures are lines on standard error, but for `json`.
class Progress {
 public:
  /// `figures` say what is made; `metrics`, unless empty, is a file that is kept up to date for
  /// Prometheus' textfile collector.
  Progress(ProgressForm form, RunFigures figures, std::filesystem::path metrics);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void update(std::uint64_t done, std::uint64_t count);
  void failure(const SampleFailure& failure);
  /// Nothing more will come. Ends the bar's line.
  void finish();
  /// The run ends with an error.
  void fail(const std::string& why);

 private:
  using Clock = std::chrono::steady_clock;
  void tick();
  void say();
  void write_metrics();
  void end();

  const ProgressForm form_;
  const bool terminal_;
  const std::filesystem::path metrics_;
  const Clock::time_point start_ = Clock::now();
  std::mutex mutex_;  // guards what follows, and the streams
  std::condition_variable over_changed_;
  RunFigures figures_;
  bool over_ = false;
  bool drawn_ = false;
  Clock::time_point first_{};  // image: its own time is that of starting
  Clock::time_point said_ = start_;
  Clock::time_point measured_ = start_;
  std::thread thread_;
};

}  // namespace orrery

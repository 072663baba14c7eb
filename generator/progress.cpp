#include "generator/progress.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <span>
#include <string>
#include <utility>

#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/json.hpp"

namespace orrery {
namespace {

using Seconds = std::chrono::duration<double>;

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds + 0.5);
  char text[32];
  if (s >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", s / 60, s % 60);
  }
  return text;
}

std::string one_place(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

double seconds_left(const RunFigures& f) {
  return f.rate > 0 ? static_cast<double>(f.count - f.done) / f.rate : 0;
}

/// "12 of 256 images, 3.4 images/s, 1:12 left".
std::string words_for(const RunFigures& f) {
  if (f.count == 0) return "starting, " + clock_text(f.seconds) + " so far";
  return std::to_string(f.done) + " of " + std::to_string(f.count) + " images, " +
         one_place(f.rate) + " images/s, " + (f.rate > 0 ? clock_text(seconds_left(f)) : "-:--") +
         " left";
}

std::string bar_for(const RunFigures& f) {
  constexpr std::uint64_t kWidth = 32;
  const std::uint64_t filled = f.count > 0 ? f.done * kWidth / f.count : 0;
  return "\r[" + std::string(filled, '#') + std::string(kWidth - filled, '.') + "] " +
         words_for(f) + "   ";
}

void print_event(const Json& event) {
  std::cout << event.dump(-1, ' ', false, Json::error_handler_t::replace) << std::endl;
}

}  // namespace

Progress::Progress(ProgressForm form, RunFigures figures, std::filesystem::path metrics)
    : form_(form),
      terminal_(form == ProgressForm::people && isatty(STDERR_FILENO) != 0),
      metrics_(std::move(metrics)),
      figures_(std::move(figures)),
      thread_([this] { tick(); }) {}

Progress::~Progress() { end(); }

void Progress::end() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  over_changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Progress::tick() {
  std::unique_lock lock(mutex_);
  write_metrics();
  while (!over_changed_.wait_for(lock, Seconds(0.5), [this] { return over_; })) {
    if (Clock::now() - said_ > Seconds(20)) say();
    if (Clock::now() - measured_ > Seconds(15)) write_metrics();
  }
  write_metrics();
}

void Progress::update(std::uint64_t done, std::uint64_t count) {
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (figures_.made++ == 0) first_ = now;
  figures_.done = done;
  figures_.count = count;
  const double since = Seconds(now - first_).count();
  if (since > 0) figures_.rate = static_cast<double>(figures_.made - 1) / since;
  if (done == count || now - said_ > Seconds(terminal_ ? 0.1 : 10)) say();
}

void Progress::say() {
  said_ = Clock::now();
  figures_.seconds = Seconds(said_ - start_).count();
  const RunFigures& f = figures_;
  const double share = f.count > 0 ? static_cast<double>(f.done) / static_cast<double>(f.count) : 0;
  switch (form_) {
    case ProgressForm::quiet:
      break;
    case ProgressForm::people:
      std::cerr << (terminal_ ? bar_for(f) : words_for(f) + "\n") << std::flush;
      drawn_ = terminal_;
      break;
    case ProgressForm::openjd:
      std::cout << "openjd_progress: " << one_place(100 * share)
                << "\nopenjd_status: " << words_for(f) << std::endl;
      break;
    case ProgressForm::json:
      print_event({{"event", "progress"},
                   {"done", f.done},
                   {"count", f.count},
                   {"images_per_second", f.rate},
                   {"seconds", f.seconds},
                   {"seconds_left", f.rate > 0 ? Json(seconds_left(f)) : Json()}});
      break;
  }
}

void Progress::failure(const SampleFailure& failure) {
  const std::lock_guard lock(mutex_);
  ++figures_.failures.at(static_cast<std::size_t>(failure.fate));
  if (form_ == ProgressForm::json) return print_event(event_of(failure));
  if (std::exchange(drawn_, false)) std::cerr << '\n';
  std::cerr << line_of(failure) << std::endl;
}

void Progress::write_metrics() {
  measured_ = Clock::now();
  if (metrics_.empty()) return;
  figures_.seconds = Seconds(measured_ - start_).count();
  figures_.unix_time = Seconds(std::chrono::system_clock::now().time_since_epoch()).count();
  const std::string text = metrics_text(figures_);
  try {
    write_whole_file(metrics_, std::as_bytes(std::span(text)));
  } catch (const Error& error) {  // images are worth more than figures about them
    std::cerr << "warning: --metrics: " << error.what() << std::endl;
  }
}

void Progress::finish() {
  end();
  if (std::exchange(drawn_, false)) std::cerr << std::endl;
}

void Progress::fail(const std::string& why) {
  finish();
  if (form_ == ProgressForm::json) print_event({{"event", "error"}, {"why", why}});
  if (form_ != ProgressForm::openjd) return;
  std::string line = why;
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  std::cout << "openjd_fail: " << line << std::endl;
}

}  // namespace orrery

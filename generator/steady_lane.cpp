#include "generator/steady_lane.hpp"

#include <exception>
#include <new>
#include <system_error>
#include <utility>

namespace orrery {
namespace {

/// Draws that may stand in for one sample.
constexpr std::uint32_t kSubstitutes = 8;

/// An exception in the words of the failure that it stands for.
struct Fault {
  std::string why;
  Exit exit;
  bool of_sample;
};

Fault current_fault() {
  try {
    throw;
  } catch (const Error& error) {
    const bool of_sample = error.exit() == Exit::data || error.exit() == Exit::bug;
    return {error.what(), error.exit(), of_sample};
  } catch (const std::bad_alloc&) {
    return {"out of memory", Exit::unavailable, false};
  } catch (const std::system_error& error) {
    return {error.what(), Exit::io, false};
  } catch (const std::exception& error) {
    return {std::string(error.what()) + " (a bug of ours)", Exit::bug, true};
  }
}

}  // namespace

SteadyLane::SteadyLane(std::uint32_t retries, OnFailure on_failure, OnSteadyLane on)
    : retries_(retries), on_failure_(on_failure), on_(std::move(on)) {}

SteadyLane::~SteadyLane() = default;

void SteadyLane::open() {
  for (std::uint32_t tries = 1; !lane_; ++tries) {
    try {
      lane_ = on_.open();
    } catch (const Error& error) {
      if (error.exit() != Exit::unavailable || tries > retries_) throw;
      on_.tell({.tries = tries, .why = error.what()});
    }
  }
}

void SteadyLane::close() {
  if (lane_) on_.close(std::move(lane_));
}

std::optional<LostSample> SteadyLane::make(const IndexRun& indices, const TakeSample& take) {
  std::uint64_t next = indices.first;
  Trial trial;
  bool alone = false;
  bool wanted = true;
  while (wanted && next < indices.last) {
    try {
      if (!lane_) lane_ = on_.open();
      lane_->make({next, alone ? next + 1 : indices.last}, trial.substitute, [&](Sample sample) {
        sample.substitute = trial.substitute;
        if (trial.substitute > 0) sample.manifest["substitute"] = trial.substitute;
        ++next;
        wanted = take(std::move(sample));
        return wanted;
      });
      trial = {};
    } catch (const std::exception&) {
      if (std::exchange(alone, true)) {
        if (const auto lost = lost_or_again(next, trial)) {
          close();
          return lost;
        }
      } else {
        on_.tell({.why = current_fault().why, .fate = Fate::alone});
      }
      close();  // with work in flight, as the exception left it
    }
  }
  return std::nullopt;
}

/// Counts a try of a sample that threw what is being handled.
std::optional<LostSample> SteadyLane::lost_or_again(std::uint64_t sample, Trial& trial) {
  const Fault fault = current_fault();
  SampleFailure failure{.sample = sample,
                        .substitute = trial.substitute,
                        .tries = ++trial.tries,
                        .why = fault.why,
                        .fate = Fate::again};
  if (fault.exit != Exit::io && trial.tries <= retries_) {
    on_.tell(failure);
    return std::nullopt;
  }
  const bool too_many = trial.substitute == 0 && on_.lost();
  const bool replace = on_failure_ == OnFailure::resample && fault.of_sample && !too_many &&
                       trial.substitute < kSubstitutes;
  failure.fate = replace ? Fate::replaced : Fate::given_up;
  on_.tell(failure);
  if (replace) {
    trial = {.substitute = trial.substitute + 1};
    return std::nullopt;
  }
  return LostSample{sample, trial.tries, fault.why, fault.exit, fault.of_sample, too_many};
}

}  // namespace orrery

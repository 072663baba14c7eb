#include "generator/sample_failure.hpp"

#include <array>

namespace orrery {

const char* name_of(Fate fate) {
  static constexpr std::array kNames{"alone", "again", "replaced", "given_up"};
  return kNames[static_cast<std::size_t>(fate)];
}

Json event_of(const SampleFailure& failure) {
  return {{"event", "failure"},
          {"chunk", failure.chunk},
          {"sample", failure.sample ? Json(*failure.sample) : Json()},
          {"draw", failure.substitute},
          {"try", failure.tries},
          {"next", name_of(failure.fate)},
          {"why", failure.why}};
}

std::string line_of(const SampleFailure& failure) {
  const Json event = event_of(failure);
  std::string line = "failure";
  for (const auto& [key, value] : event.items()) {
    if (key == "event") continue;
    line += " " + key + "=" + value.dump(-1, ' ', false, Json::error_handler_t::replace);
  }
  return line;
}

}  // namespace orrery

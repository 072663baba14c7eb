#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace orrery {

/// How far a run is.
struct RunFigures {
  std::string dataset;                      ///< folder
  std::string share;                        ///< of the chunks: "all", "0/4", "3,7,9-12"
  std::uint64_t done = 0;                   ///< images of the share that are there…
  std::uint64_t count = 0;                  ///< …of so many
  std::uint64_t made = 0;                   ///< by this run
  double rate = 0;                          ///< images a second
  double seconds = 0;                       ///< since the run began
  double unix_time = 0;                     ///< now, seconds since 1970
  std::array<std::uint64_t, 4> failures{};  ///< attempts, by Fate
};

/// For Prometheus' textfile collector: its exposition format, version 0.0.4.
std::string metrics_text(const RunFigures& figures);

}  // namespace orrery

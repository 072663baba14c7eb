#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "scenes/json.hpp"

namespace orrery {

/// What became of a sample that could not be made.
enum class Fate : std::uint8_t {
  alone,     ///< it was one of several; from now on they are made one by one
  again,     ///< it is tried once more
  replaced,  ///< another draw takes its place
  given_up,  ///< its chunk is not made
};

/// "again".
const char* name_of(Fate fate);

/// An attempt at a sample that failed.
struct SampleFailure {
  std::uint64_t chunk = 0;
  std::optional<std::uint64_t> sample{};  ///< nothing: one of the chunk's, not known which
  std::uint32_t substitute = 0;           ///< as in Sample
  std::uint32_t tries = 0;                ///< of this draw so far
  std::string why{};
  Fate fate = Fate::again;
};

/// `failure chunk=3 sample=197 draw=0 try=1 next="again" why="…"`: one line without its end.
std::string line_of(const SampleFailure& failure);
/// The same as {"event": "failure", "chunk": 3, "sample": 197 or null, …}.
Json event_of(const SampleFailure& failure);

}  // namespace orrery

#include "scenes/spec_writer.hpp"

namespace orrery {

nlohmann::ordered_json json_from(const Distribution& d) {
  const auto weighted = [&] {
    nlohmann::ordered_json map = nlohmann::ordered_json::object();
    for (std::size_t i = 0; i < d.values.size(); ++i) {
      map[nlohmann::ordered_json(d.values[i]).dump()] = d.weights[i];
    }
    return map;
  };
  switch (d.kind) {
    case Distribution::Kind::constant:
      return d.values[0];
    case Distribution::Kind::uniform:
      return {{"uniform", d.values}};
    case Distribution::Kind::log_uniform:
      return {{"log_uniform", d.values}};
    case Distribution::Kind::normal:
      return {{"normal", d.values}};
    case Distribution::Kind::choice:
      return {{"choice", d.weights.empty() ? nlohmann::ordered_json(d.values) : weighted()}};
    case Distribution::Kind::curve:
      return {{"curve", weighted()}};
  }
  return {};
}

}  // namespace orrery

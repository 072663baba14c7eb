#include "renderer/prop_plane.hpp"

#include <string>

#include "scenes/error.hpp"

namespace orrery {

void require_countable(std::size_t objects, std::size_t props) {
  if (objects + props < 65535) return;
  throw Error("scene: " + std::to_string(objects + props) +
              " objects and props, wanted at most 65534 where props are told apart");
}

void take_props(std::span<std::uint16_t> ids, std::size_t objects,
                std::vector<std::uint16_t>& props) {
  props.resize(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool is_prop = ids[i] > objects;
    props[i] = is_prop ? static_cast<std::uint16_t>(ids[i] - objects) : std::uint16_t{0};
    if (is_prop) ids[i] = 0;
  }
}

}  // namespace orrery

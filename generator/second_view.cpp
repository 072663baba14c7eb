#include "generator/second_view.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace orrery {

void render_with_second_views(
    Renderer& renderer, std::span<const Shot> shots,
    const std::function<void(std::size_t, const Frame&, const SecondView*)>& take) {
  const bool any = std::any_of(shots.begin(), shots.end(),
                               [](const Shot& shot) { return shot.next_view.has_value(); });
  if (!any) {
    renderer.render(shots, [&](std::size_t i, const Frame& frame) { take(i, frame, nullptr); });
    return;
  }
  // A shot's second view comes before it, so that all is there when the shot itself is taken.
  std::vector<Shot> all;
  std::vector<std::optional<std::size_t>> shown;  // which shot; nothing: a second view
  for (std::size_t i = 0; i < shots.size(); ++i) {
    if (shots[i].next_view) {
      all.push_back(shots[i]);
      all.back().view = *shots[i].next_view;
      shown.emplace_back();
    }
    all.push_back(shots[i]);
    shown.emplace_back(i);
  }
  SecondView second;
  renderer.render(all, [&](std::size_t k, const Frame& frame) {
    if (shown[k]) {
      Frame first = frame;
      first.shot = &shots[*shown[k]];
      take(*shown[k], first, first.shot->next_view ? &second : nullptr);
      return;
    }
    second.color = Image<Rgba8>(frame.color.width, frame.color.height);
    second.depth = Image<float>(frame.depth.width, frame.depth.height);
    std::copy(frame.color.pixels.begin(), frame.color.pixels.end(), second.color.pixels.begin());
    std::copy(frame.depth.pixels.begin(), frame.depth.pixels.end(), second.depth.pixels.begin());
  });
}

}  // namespace orrery

#include <algorithm>
#include <cmath>

#include "generator/compose/compose.hpp"

namespace orrery {

void SizeHistogram::add(const LabelledImage& image) {
  const double picture = static_cast<double>(image.width) * image.height;
  for (const Label& label : image.labels) {
    if (label.crowd || label.box.empty() || picture <= 0) continue;
    const double size = std::sqrt(label.box.area() / picture);
    for (std::vector<double>* sizes : {&by_class_[label.class_id], &all_}) {
      sizes->insert(std::upper_bound(sizes->begin(), sizes->end(), size), size);
    }
  }
}

std::optional<double> SizeHistogram::drawn(std::uint32_t class_id, Rng& rng) const {
  const auto found = by_class_.find(class_id);
  const bool enough = found != by_class_.end() && found->second.size() >= kFewest;
  const std::vector<double>& sizes = enough ? found->second : all_;
  if (sizes.empty()) return std::nullopt;
  const double at = rng.unit() * static_cast<double>(sizes.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sizes.size() - 1);
  return sizes[below] + (at - static_cast<double>(below)) * (sizes[above] - sizes[below]);
}

}  // namespace orrery

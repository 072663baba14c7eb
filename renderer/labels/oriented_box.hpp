#pragma once

#include <span>

#include "renderer/labels/annotation.hpp"
#include "renderer/labels/column_runs.hpp"

namespace orrery {

/// The rectangle of least area around whole pixels. `spans` go from left to right and are not
/// empty.
OrientedBox oriented_box(std::span<const ColumnSpan> spans);

}  // namespace orrery

#pragma once

#include <nanobind/nanobind.h>

namespace orrery {

/// Samples, and the decoders of what they hold.
void bind_samples(nanobind::module_& module);

}  // namespace orrery

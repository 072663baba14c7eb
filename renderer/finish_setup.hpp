#pragma once

#include <cstdint>
#include <vector>

#include "renderer/resident.hpp"
#include "scenes/scene.hpp"
#include "shaders/shared/types.h"

namespace orrery {

/// One object's look turned into what shaders read. Borrows its arguments.
class FinishSetup {
 public:
  FinishSetup(const Look& look, const Resident& resident, const ResidentModel& model)
      : look_(look), resident_(resident), model_(model) {}

  /// The resident material `index` under the look.
  shader::GpuMaterial material(std::uint32_t index) const;

  /// Appends to `finishes` what the look asks for beyond `material`, which is that of `index`, and
  /// names it there. Most looks need nothing.
  void give(shader::GpuMaterial& material, std::uint32_t index,
            std::vector<shader::GpuFinish>& finishes) const;

 private:
  /// What is see-through keeps its own texture: its alpha says what is there.
  bool pictured(std::uint32_t index) const;

  const Look& look_;
  const Resident& resident_;
  const ResidentModel& model_;
};

}  // namespace orrery

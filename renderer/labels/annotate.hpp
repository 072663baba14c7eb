#pragma once

#include "renderer/frame.hpp"
#include "renderer/labels/annotation.hpp"
#include "scenes/scene_spec.hpp"

namespace orrery {

/// Every label of a frame, from one scan of its id image and one of its amodal bits.
/// `models` are the models that the shot's objects point to.
Annotations annotate(const Frame& frame, std::span<const Model> models);

/// Checks what must hold of every sample: visible ⊆ amodal, boxes are the extents of their masks,
/// occluded areas add up, visible areas count every id pixel once, every placed object is labelled
/// or dropped. Throws Error (Exit::bug) naming the instance and the two numbers that differ.
void check_invariants(const Frame& frame, const Annotations& annotations);

/// Moves what `least` refuses from the labels to the dropped, by the first rule that it breaks:
/// "min_visible", "max_truncation", "min_side" or "min_area".
void drop_unfit(Annotations& annotations, const LabelSpec& least);

}  // namespace orrery

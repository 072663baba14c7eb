#pragma once

#include <array>

#include "generator/compose/compose_spec.hpp"
#include "scenes/scene_fields.hpp"

namespace orrery {

template <>
struct EnumNames<PastePlace> {
  static constexpr std::array<const char*, 2> kNames{"anywhere", "lower_half"};
};
template <>
struct EnumNames<MaskFill> {
  static constexpr std::array<const char*, 4> kNames{"keep", "blur", "noise", "mean"};
};

template <class Visitor>
void describe(Visitor& field, SomeOf<LabelRules> auto& r) {
  field("min_visible", r.min_visible, {"least visible share; below: a crowd region", 0, 1});
  field("hard_below", r.hard_below, {"visible share below which a label is hard", 0, 1});
  field("min_side", r.min_side, {"least shorter side; below: a crowd region; pixels", 0, 8192});
  field("min_area", r.min_area, {"least visible area; below: a crowd region; pixels", 0, 1e8});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<EdgeWeights> auto& e) {
  field("hard", e.hard, {"weight of edges as they are cut", 0, 1e6});
  field("gaussian", e.gaussian, {"weight of edges that are blurred", 0, 1e6});
  field("motion", e.motion, {"weight of edges that are blurred along a line", 0, 1e6});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<ContactShadow> auto& s) {
  field("probability", s.probability, {"share of pasted things with a shadow", 0, 1});
  field("opacity", s.opacity, {"of its darkest part", 0, 1});
  field("direction", s.direction,
        {"from straight down towards the right", -180, 180, FieldInfo::Unit::degrees});
  field("length", s.length, {"in shorter sides of the thing", 0, 2});
  field("softness", s.softness, {"standard deviation, in shorter sides of the thing", 0, 1});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<FusionSpec> auto& f) {
  field("edges", f.edges, {"kinds of edges"});
  field("softness", f.softness, {"standard deviation of gaussian edges, pixels", 0, 20});
  field("motion", f.motion, {"length of motion edges, pixels", 1, 50});
  field("light", f.light, {"how far mean and contrast go towards the place's", 0, 1});
  field("max_hue_shift", f.max_hue_shift,
        {"of any colour of the thing", 0, 180, FieldInfo::Unit::degrees});
  field("shadow", f.shadow, {"darkness at the thing's foot"});
  field("sensor", f.sensor, {"things get the blur and noise of the photo"});
  field("jpeg", f.jpeg, {"quality of the whole picture; below 1: as it is", 0, 100});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<PlaceSpec> auto& p) {
  field("rotation", p.rotation, {"in the picture's plane", -360, 360, FieldInfo::Unit::degrees});
  field("flip", p.flip, {"share of things that are mirrored left to right", 0, 1});
  field("chiral", p.chiral, {"classes that are never mirrored"});
  field("where", p.where, {"of the box's centre: anywhere or lower_half"});
  field("max_hidden", p.max_hidden, {"share of a pasted thing that others may hide", 0, 1});
  field("max_hidden_real", p.max_hidden_real,
        {"share of a real thing that pasted ones may hide; 0: none is touched", 0, 1});
  field("truncated", p.truncated, {"share of things that may leave the picture", 0, 1});
  field("max_truncation", p.max_truncation, {"share of such a thing that may be outside", 0, 1});
  field("attempts", p.attempts, {"places tried before a thing is left out", 1, 10000});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<PasteSpec> auto& s) {
  field("count", s.count, {"things in one picture, rounded down", 0, 200});
  field("distractors", s.distractors, {"things without label, rounded down", 0, 200});
  field("real_sizes", s.real_sizes, {"sizes are drawn from the real labels', where known"});
  field("size", s.size, {"else: square root of the box's share of the picture", 0.001, 2});
  field("min_whole", s.min_whole, {"least visible share of a thing in its cut-out", 0, 1});
  field("place", s.place, {"where things go"});
  field("fusion", s.fusion, {"how things are made to belong to the photo"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<CopyPasteSpec> auto& s) {
  field("count", s.count, {"things in one picture, rounded down", 0, 200});
  field("scale", s.scale, {"of a thing's size in its own photo", 0.01, 10});
  field("min_whole", s.min_whole, {"least visible share of a thing in its own photo", 0, 1});
  field("place", s.place, {"where things go"});
  field("fusion", s.fusion, {"how things are made to belong to the photo"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<MosaicSpec> auto& s) {
  field("width", s.width, {"of the result, pixels; 0: as the first picture", 0, 16384});
  field("height", s.height, {"of the result, pixels; 0: as the first picture", 0, 16384});
  field("centre", s.centre, {"where cells meet, as a share of each side", 0.1, 0.9});
  field("zoom", s.zoom, {"of a part beyond what fills its cell", 1, 10});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<CutmixSpec> auto& s) {
  field("area", s.area, {"of the rectangle, as a share of the picture", 0.001, 0.9});
  field("aspect", s.aspect, {"width by height of the rectangle", 0.1, 10});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<MixupSpec> auto& s) {
  field("alpha", s.alpha, {"the first picture's share comes from Beta(alpha, alpha)", 0.01, 1000});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<MaskOutSpec> auto& s) {
  field("fill", s.fill, {"of content without label: keep, blur, noise or mean"});
}

template <class Visitor>
void describe(Visitor& field, SomeOf<ComposeSpec> auto& s) {
  field("labels", s.labels, {"when what is left of a label still counts"});
  field("paste", s.paste, {"rendered cut-outs on a photo"});
  field("copy_paste", s.copy_paste, {"things of one photo on another"});
  field("mosaic", s.mosaic, {"four pictures in one"});
  field("cutmix", s.cutmix, {"a rectangle of one picture in another"});
  field("mixup", s.mixup, {"two pictures blended, with weights of labels"});
  field("mask_out", s.mask_out, {"what becomes of content that nobody labelled"});
}

}  // namespace orrery

#include "generator/make_sample.hpp"

#include <algorithm>
#include <cstdio>

#include "generator/core_clock.hpp"
#include "generator/encode.hpp"
#include "generator/sinks/coco.hpp"
#include "renderer/labels/annotate.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

std::string path_of(const char* folder, std::uint64_t index, const char* extension) {
  char name[64];
  std::snprintf(name, sizeof name, "%s/%08llu.%s", folder, static_cast<unsigned long long>(index),
                extension);
  return name;
}

/// The frame's picture as its sensor takes it.
Image<Rgba8> taken(const Frame& frame, std::uint64_t seed, std::uint64_t index, Exposer& exposer) {
  const Sensor& sensor = frame.shot->sensor;
  Image<Rgba8> picture =
      exposer.exposed(sensor, frame.color, frame.depth, Rng(seed, index, "sensor/noise/pixels"));
  return sensor.jpeg_quality > 0 ? through_jpeg(picture, sensor.jpeg_quality) : picture;
}

/// Tags what nobody could be asked to find.
void tag_hard(Annotations& annotations, const Shot& shot) {
  for (InstanceLabel& label : annotations.instances) {
    const Box& box = label.visible_box;
    const Object& object = shot.scene.objects[label.id - 1];
    const double depth = shot.view.camera_from_world(object.world_from_object.translation).z;
    const int side = std::min(box.x1 - box.x0, box.y1 - box.y0);
    label.hard = unreadable(shot.sensor, side, std::max(depth, shot.view.near_m),
                            shot.view.intrinsics.height);
  }
}

std::vector<EncodedFile> encoded_files(const Frame& frame, const ImageView<Rgba8>& color,
                                       const Recipe& recipe, std::uint64_t index) {
  const Outputs& outputs = recipe.outputs;
  std::vector<EncodedFile> files;
  if (outputs.image_format == ImageFormat::jpeg) {
    files.push_back({path_of("images", index, "jpg"),
                     jpeg_from(color, outputs.jpeg_quality, outputs.jpeg_subsample)});
  } else {
    const bool cut_out = frame.shot->scene.background.kind == BackgroundKind::transparent;
    files.push_back(
        {path_of("images", index, "png"), png_from(color, cut_out ? Alpha::keep : Alpha::drop)});
  }
  if (outputs.depth)
    files.push_back({path_of("depth", index, "png"), png16_from_depth(frame.depth)});
  if (outputs.id) files.push_back({path_of("id", index, "png"), png_from_ids(frame.id)});
  if (outputs.normal) {
    files.push_back({path_of("normal", index, "png"), png_from_normals(frame.normal)});
  }
  return files;
}

Annotations checked_annotations(const Frame& frame, const Recipe& recipe, const Assets& assets,
                                std::uint64_t index) {
  Annotations annotations = annotate(frame, assets.models);
  try {
    check_invariants(frame, annotations);
    if (recipe.scene) drop_unfit(annotations, recipe.scene->labels);
  } catch (const Error& error) {
    throw Error("sample " + std::to_string(index) + ": " + error.what() + " (orrery replay DIR " +
                    std::to_string(index) + " makes it again)",
                error.exit());
  }
  return annotations;
}

}  // namespace

Sample make_sample(const Frame& frame, const Recipe& recipe, const Assets& assets,
                   const Provenance& provenance, std::uint64_t index, Exposer& exposer,
                   SampleCost& cost) {
  const double start = thread_seconds();
  Annotations annotations = checked_annotations(frame, recipe, assets, index);
  tag_hard(annotations, *frame.shot);
  const double labelled = thread_seconds();
  cost.label += labelled - start;
  const bool clean = frame.shot->sensor == Sensor{};
  const Image<Rgba8> picture = clean ? Image<Rgba8>() : taken(frame, recipe.seed, index, exposer);
  const double exposed = thread_seconds();
  cost.sensor += exposed - labelled;

  Sample sample;
  sample.index = index;
  sample.files =
      encoded_files(frame, clean ? frame.color : ImageView<Rgba8>(picture), recipe, index);
  const double encoded = thread_seconds();
  cost.encode += encoded - exposed;

  sample.manifest = manifest_of(*frame.shot, annotations, assets, provenance, index, sample.files);
  sample.coco = coco_of(index, sample.files.front().path, frame.shot->view.intrinsics, annotations);
  sample.ledger = ledger_of(*frame.shot, annotations);
  sample.placement = frame.shot->scene.placement;
  cost.label += thread_seconds() - encoded;
  return sample;
}

}  // namespace orrery

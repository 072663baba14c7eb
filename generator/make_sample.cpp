#include "generator/make_sample.hpp"

#include <algorithm>
#include <cstdio>

#include "generator/core_clock.hpp"
#include "generator/encode.hpp"
#include "generator/sinks/coco.hpp"
#include "generator/sinks/panoptic.hpp"
#include "renderer/labels/annotate.hpp"
#include "renderer/labels/flow.hpp"
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
Image<Rgba8> taken(const Frame& frame, const Rng& noise, Exposer& exposer) {
  const Sensor& sensor = frame.shot->sensor;
  Image<Rgba8> picture = exposer.exposed(sensor, frame.color, frame.depth, noise);
  return sensor.jpeg_quality > 0 ? through_jpeg(picture, sensor.jpeg_quality) : picture;
}

/// Less visible than this is hard, whatever the sensor does.
constexpr double kHardVisible = 0.25;

EncodedFile picture_file(const char* folder, const Frame& frame, const ImageView<Rgba8>& color,
                         const Outputs& outputs, std::uint64_t index) {
  if (outputs.image_format == ImageFormat::jpeg) {
    return {path_of(folder, index, "jpg"),
            jpeg_from(color, outputs.jpeg_quality, outputs.jpeg_subsample)};
  }
  const bool cut_out = frame.shot->scene.background.kind == BackgroundKind::transparent;
  return {path_of(folder, index, "png"), png_from(color, cut_out ? Alpha::keep : Alpha::drop)};
}

/// The second picture, and how to get there from the first.
void add_flow_files(std::vector<EncodedFile>& files, const Frame& frame, const SecondView& second,
                    const Recipe& recipe, std::uint64_t index, Exposer& exposer) {
  const Flow flow = flow_to(frame, *frame.shot->next_view, second.depth);
  files.push_back({path_of("flow", index, "png"), png16_from_flow(flow.pixels, flow.known)});
  Image<std::uint8_t> hidden = flow.hidden;
  for (std::uint8_t& pixel : hidden.pixels) pixel = pixel != 0 ? 255 : 0;
  files.push_back({path_of("flow_hidden", index, "png"), png_from(hidden)});
  Frame next;
  next.shot = frame.shot;
  next.color = second.color;
  next.depth = second.depth;
  const Rng noise(recipe.seed, index, "sensor/noise/next");
  const bool clean = frame.shot->sensor == Sensor{};
  const Image<Rgba8> picture = clean ? Image<Rgba8>() : taken(next, noise, exposer);
  files.push_back(picture_file("next", frame, clean ? next.color : ImageView<Rgba8>(picture),
                               recipe.outputs, index));
}

/// Who is where, surroundings included; the sample's entry in the panoptic file.
Json add_panoptic_file(std::vector<EncodedFile>& files, const Frame& frame,
                       const Annotations& annotations, const Recipe& recipe, std::uint64_t index) {
  const Panoptic panoptic = panoptic_of(frame, annotations);
  check_panoptic(panoptic, annotations);
  files.push_back({path_of("panoptic", index, "png"), png_from_segments(panoptic.ids)});
  const std::string name = std::filesystem::path(files.back().path).filename().string();
  return panoptic_annotation_of(index, name, panoptic, recipe.classes.size());
}

std::vector<EncodedFile> encoded_files(const Frame& frame, const ImageView<Rgba8>& color,
                                       const Recipe& recipe, std::uint64_t index) {
  const Outputs& outputs = recipe.outputs;
  std::vector<EncodedFile> files;
  files.push_back(picture_file("images", frame, color, outputs, index));
  if (outputs.depth)
    files.push_back({path_of("depth", index, "png"), png16_from_depth(frame.depth)});
  if (outputs.id) files.push_back({path_of("id", index, "png"), png_from_ids(frame.id)});
  if (outputs.normal) {
    files.push_back({path_of("normal", index, "png"), png_from_normals(frame.normal)});
  }
  return files;
}

}  // namespace

bool is_hard(const InstanceLabel& label, const Shot& shot) {
  const Box& box = label.visible_box;
  const Object& object = shot.scene.objects[label.id - 1];
  const double depth = shot.view.camera_from_world(object.world_from_object.translation).z;
  const int side = std::min(box.x1 - box.x0, box.y1 - box.y0);
  return label.visible_fraction < kHardVisible ||
         unreadable(shot.sensor, side, std::max(depth, shot.view.near_m),
                    shot.view.intrinsics.height);
}

Annotations labels_of(const Frame& frame, const Recipe& recipe, const Assets& assets,
                      std::uint64_t index) {
  Annotations annotations = annotate(frame, assets.models);
  try {
    check_invariants(frame, annotations);
    drop_unfit(annotations, recipe.scene.labels);
  } catch (const Error& error) {
    throw Error("sample " + std::to_string(index) + ": " + error.what() + " (orrery replay DIR " +
                    std::to_string(index) + " makes it again)",
                error.exit());
  }
  for (InstanceLabel& label : annotations.instances) label.hard = is_hard(label, *frame.shot);
  return annotations;
}

Image<Rgba8> taken_by_sensor(const Frame& frame, std::uint64_t seed, std::uint64_t index,
                             Exposer& exposer) {
  return taken(frame, Rng(seed, index, "sensor/noise/pixels"), exposer);
}

Sample make_sample(const Frame& frame, const Recipe& recipe, const Assets& assets,
                   const Provenance& provenance, std::uint64_t index, Exposer& exposer,
                   SampleCost& cost, const SecondView* second) {
  const double start = thread_seconds();
  const Annotations annotations = labels_of(frame, recipe, assets, index);
  const double labelled = thread_seconds();
  cost.label += labelled - start;
  const bool clean = frame.shot->sensor == Sensor{};
  const Image<Rgba8> picture =
      clean ? Image<Rgba8>() : taken_by_sensor(frame, recipe.seed, index, exposer);
  const double exposed = thread_seconds();
  cost.sensor += exposed - labelled;

  Sample sample;
  sample.index = index;
  sample.files =
      encoded_files(frame, clean ? frame.color : ImageView<Rgba8>(picture), recipe, index);
  if (second) add_flow_files(sample.files, frame, *second, recipe, index, exposer);
  if (recipe.render.prop) {
    sample.panoptic = add_panoptic_file(sample.files, frame, annotations, recipe, index);
  }
  const double encoded = thread_seconds();
  cost.encode += encoded - exposed;

  sample.manifest = manifest_of(*frame.shot, annotations, assets, provenance, index, sample.files);
  sample.coco = coco_of(index, sample.files.front().path, frame.shot->view.intrinsics, annotations,
                        provenance.keypoints);
  sample.ledger = ledger_of(*frame.shot, annotations);
  sample.placement = frame.shot->scene.placement;
  cost.label += thread_seconds() - encoded;
  return sample;
}

}  // namespace orrery

#include "generator/make_sample.hpp"

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

std::vector<EncodedFile> encoded_files(const Frame& frame, const Recipe& recipe,
                                       std::uint64_t index) {
  const Outputs& outputs = recipe.outputs;
  std::vector<EncodedFile> files;
  if (outputs.image_format == ImageFormat::jpeg) {
    files.push_back({path_of("images", index, "jpg"),
                     jpeg_from(frame.color, outputs.jpeg_quality, outputs.jpeg_subsample)});
  } else {
    const bool cut_out = frame.shot->scene.background.kind == BackgroundKind::transparent;
    files.push_back({path_of("images", index, "png"),
                     png_from(frame.color, cut_out ? Alpha::keep : Alpha::drop)});
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
                   const Provenance& provenance, std::uint64_t index, SampleCost& cost) {
  const double start = thread_seconds();
  const Annotations annotations = checked_annotations(frame, recipe, assets, index);
  const double labelled = thread_seconds();
  cost.label += labelled - start;

  Sample sample;
  sample.index = index;
  sample.files = encoded_files(frame, recipe, index);
  const double encoded = thread_seconds();
  cost.encode += encoded - labelled;

  sample.manifest = manifest_of(*frame.shot, annotations, assets, provenance, index, sample.files);
  sample.coco = coco_of(index, sample.files.front().path, frame.shot->view.intrinsics, annotations);
  sample.ledger = ledger_of(*frame.shot, annotations);
  cost.label += thread_seconds() - encoded;
  return sample;
}

}  // namespace orrery

#include "generator/mix/mix_sample.hpp"

#include <algorithm>
#include <cstdio>

#include "generator/encode.hpp"
#include "generator/ingest/picture_header.hpp"
#include "generator/label_json.hpp"
#include "generator/manifest.hpp"
#include "generator/sinks/coco_labels.hpp"
#include "generator/store/strip_exif.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

const char* name_of(Making making) {
  return EnumNames<Making>::kNames[static_cast<std::size_t>(making)];
}

/// An image on its way, and what was done to it.
struct Draft {
  LabelledPixels picture;
  ComposeReport composed;
  AugmentReport augmented;
  AugmentReport fitted;
};

LabelledPixels composed(const MixContext& context, const MixDraft& draft,
                        std::vector<MixPicture>& parts, std::uint64_t index,
                        ComposeReport& report) {
  const ComposeSpec& spec = context.recipe.compose;
  const Draws draws{context.recipe.seed, index, std::string("compose/") + name_of(draft.making)};
  LabelledPixels out = std::move(parts.at(0).pixels);
  switch (draft.making) {
    case Making::rendered:
    case Making::real:
      break;
    case Making::pasted: {
      std::vector<LabelledPixels> cut_outs;
      for (std::size_t i = 1; i < parts.size(); ++i) cut_outs.push_back(std::move(parts[i].pixels));
      paste(out, cut_outs, context.info, context.sizes, spec.paste, spec.labels, draws, report);
      break;
    }
    case Making::copy_paste:
      copy_paste(out, parts.at(1).pixels, context.info, spec.copy_paste, spec.labels, draws,
                 report);
      break;
    case Making::mosaic:
      out = mosaic({&out, &parts.at(1).pixels, &parts.at(2).pixels, &parts.at(3).pixels},
                   spec.mosaic, spec.labels, draws, report);
      break;
    case Making::cutmix:
      out = cutmix(out, parts.at(1).pixels, spec.cutmix, spec.labels, draws, report);
      break;
    case Making::mixup:
      out = mixup(out, parts.at(1).pixels, spec.mixup, draws, report);
      break;
  }
  return out;
}

/// Every image as large as the outputs say, without changing shapes.
AugmentSpec fit_of(const MixOutputs& outputs) {
  AugmentSpec spec = augment_preset("none");
  AugmentStep step;
  step.op = AugmentOp::letterbox;
  const auto side = [](int pixels) {
    return Range{static_cast<double>(pixels), static_cast<double>(pixels)};
  };
  step.values = {side(outputs.width), side(outputs.height)};
  spec.steps.push_back(step);
  return spec;
}

std::uint64_t sum_of(const Ledger& ledger, std::uint64_t Tally::*what) {
  std::uint64_t sum = 0;
  for (const auto& [class_id, tally] : ledger) sum += tally.*what;
  return sum;
}

std::uint64_t dropped_of(const Ledger& ledger) {
  std::uint64_t sum = 0;
  for (const auto& [class_id, tally] : ledger) {
    for (const auto& [rule, count] : tally.dropped) sum += count;
  }
  return sum;
}

/// What went in, less what was dropped by a rule, must have come out. `came` counts the labels of
/// all parts and, of pasted things, those that were to be pasted.
Ledger balanced(const Draft& draft, const Ledger& before, std::uint64_t came, std::uint64_t index) {
  Ledger ledger = before;
  for (const auto& [class_id, tally] : draft.composed.ledger) {
    for (const auto& [rule, count] : tally.dropped) ledger[class_id].dropped[rule] += count;
  }
  for (const AugmentReport* report : {&draft.augmented, &draft.fitted}) {
    for (const AugmentReport::Lost& lost : report->dropped) {
      ++ledger[lost.class_id].dropped[lost.rule];
    }
    came += report->mirrored;
  }
  for (const Label& label : draft.picture.labelled.labels) ++ledger[label.class_id].labelled;
  const std::uint64_t wanted = came + dropped_of(before);
  const std::uint64_t found = sum_of(ledger, &Tally::labelled) + dropped_of(ledger);
  if (found != wanted) {
    throw Error("sample " + std::to_string(index) + ": labels and dropped ones are " +
                    std::to_string(found) + ", wanted " + std::to_string(wanted),
                Exit::bug);
  }
  for (auto& [class_id, tally] : ledger) {
    tally.placed = tally.labelled;
    for (const auto& [rule, count] : tally.dropped) tally.placed += count;
  }
  return ledger;
}

Json objects_of(const LabelledImage& image) {
  Json objects = Json::array();
  for (const Label& label : image.labels) {
    Json object = {{"id", label.id},
                   {"class", label.class_id},
                   {"box", {label.box.x0, label.box.y0, label.box.x1, label.box.y1}},
                   {"area", label.area()},
                   {"crowd", label.crowd},
                   {"hard", label.hard}};
    if (label.loose) object["loose"] = true;
    if (label.weight != 1) object["weight"] = label.weight;
    if (label.visible_fraction) object["visible_fraction"] = *label.visible_fraction;
    if (label.truncation) object["truncation"] = *label.truncation;
    objects.push_back(std::move(object));
  }
  return objects;
}

std::string image_path(std::uint64_t index, const std::string& extension) {
  char name[64];
  std::snprintf(name, sizeof name, "images/%08llu", static_cast<unsigned long long>(index));
  return name + extension;
}

/// The picture is what its file holds, and shown by it as it is stored.
bool is_untouched(const MixContext& context, const MixDraft& draft) {
  return draft.original && context.recipe.outputs.width == 0;
}

/// A picture that every reader shows as it is stored: many show one of 16 bits as white.
bool can_be_copied(const PictureHeader& header) {
  return header.orientation == 1 &&
         (header.extension == ".jpg" || (header.extension == ".png" && header.bits <= 8));
}

EncodedFile encoded(const MixContext& context, const MixDraft& draft, const LabelledPixels& picture,
                    std::uint64_t index) {
  const StoredFile& file = picture.labelled.file;
  if (is_untouched(context, draft)) {
    const PictureHeader header = read_picture_header(file);
    if (can_be_copied(header)) {
      return {image_path(index, header.extension), without_exif(stored_bytes(file), file.string())};
    }
  }
  const MixOutputs& outputs = context.recipe.outputs;
  return {image_path(index, ".jpg"), jpeg_from(picture.color, outputs.quality, outputs.subsample)};
}

Json manifest_of(const MixContext& context, const MixDraft& draft, const Draft& made,
                 const std::vector<MixPicture>& parts, const EncodedFile& file,
                 std::uint64_t index) {
  const LabelledImage& image = made.picture.labelled;
  Json lineage = Json::array();
  for (const Ingredient& part : image.lineage) lineage.push_back(json_from(part));
  Json sources = Json::array();
  for (const MixPicture& part : parts) sources.push_back(part.provenance);
  Json row = {{"index", index},
              {"seed", context.recipe.seed},
              {"recipe_hash", context.hash},
              {"making", name_of(draft.making)},
              {"train_only", image.train_only},
              {"width", image.width},
              {"height", image.height},
              {"objects", objects_of(image)},
              {"composed", made.composed.steps},
              {"augmented", json_from(made.augmented)},
              {"sources", sources},
              {"lineage", lineage}};
  if (draft.part) row["part"] = context.parts.at(*draft.part).name;
  row["track"] = track_of(row, context.recipe.tracks);
  row["files"] = {{file.path, sha256_hex(file.bytes)}};
  return row;
}

}  // namespace

Sample mix_sample(const MixContext& context, const MixDraft& draft, std::vector<MixPicture> parts,
                  std::uint64_t index) {
  Ledger before;
  std::uint64_t came = 0;
  const bool pastes = draft.making == Making::pasted || draft.making == Making::copy_paste;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (pastes && i > 0) continue;  // counted as they are pasted
    for (const auto& [class_id, tally] : parts[i].ledger) {
      for (const auto& [rule, count] : tally.dropped) before[class_id].dropped[rule] += count;
    }
    came += parts[i].pixels.labelled.labels.size();
  }
  Draft made;
  const bool rendered = std::any_of(draft.parts.begin(), draft.parts.end(),
                                    [](const MixPart& part) { return !part.photo; });
  made.picture = composed(context, draft, parts, index, made.composed);
  if (pastes) came = sum_of(made.composed.ledger, &Tally::placed);
  const MixRecipe& recipe = context.recipe;
  LabelledImage& image = made.picture.labelled;
  image.train_only = !may_be_validated_on(recipe, draft);
  if (image.train_only) {
    mask_out(made.picture, {}, recipe.compose.mask_out, {recipe.seed, index, "compose/mask_out"},
             made.composed);
    augment(made.picture, recipe.augment, context.info, recipe.seed, index, made.augmented);
  }
  if (rendered) {
    Refined refined = context.refiner.refine(made.picture, recipe.seed, index);
    made.picture.color = std::move(refined.color);
    for (const Ingredient& part : context.refiner.lineage()) image.lineage.push_back(part);
    std::sort(image.lineage.begin(), image.lineage.end());
  }
  if (recipe.outputs.width > 0) {
    augment(made.picture, fit_of(recipe.outputs), context.info, recipe.seed, index, made.fitted);
    image.train_only = !may_be_validated_on(recipe, draft);  // bringing it to size is no change
  }
  for (std::size_t i = 0; i < image.labels.size(); ++i) image.labels[i].id = i + 1;

  Sample sample;
  sample.index = index;
  sample.files.push_back(encoded(context, draft, made.picture, index));
  sample.ledger = balanced(made, before, came, index);
  sample.manifest = manifest_of(context, draft, made, parts, sample.files.front(), index);
  sample.coco = coco_of(image, context.info, index, sample.files.front().path);
  return sample;
}

}  // namespace orrery

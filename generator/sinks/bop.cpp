// Byte layout of a BOP dataset (https://bop.felk.cvut.cz): a folder for each split, "unsplit" for
// images without one, and in it a folder for each thousand images, 000000, 000001, …:
//   scene_camera.json         {"0": camera, "1": …} by image, a line each; see BopImage for all of
//   scene_gt.json             {"0": gt, …}          this
//   scene_gt_info.json        {"0": gt_info, …}
//   rgb/000000.jpg or .png    the picture, linked
//   depth/000000.png          16 bits, millimetres along the optical axis, 0 = none, linked
//   mask/000000_000000.png    image and label: 255 where the whole object is, hidden or not, else 0
//   mask_visib/000000_000000.png   255 where it is visible
// and beside the splits
//   models/                   see BopModels
// Objects that were placed and cannot be seen have no label, here as anywhere: gt does not list
// them.

#include <cstdio>
#include <map>

#include "generator/encode.hpp"
#include "generator/sinks/bop_image.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/packed_picture.hpp"
#include "generator/sinks/shards.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "renderer/labels/mask.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

std::string six_digits(std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, "%06llu", static_cast<unsigned long long>(number));
  return text;
}

/// A JSON object with a line for each image.
class SceneFile {
 public:
  explicit SceneFile(const fs::path& file) : file_(file) { file_.write("{"); }
  void add(std::uint64_t image, const Json& json) {
    file_.write((image == 0 ? "\n\"" : ",\n\"") + std::to_string(image) + "\": " + json.dump());
  }
  void finish() {
    file_.write("\n}\n");
    file_.commit();
  }

 private:
  WholeFile file_;
};

/// One folder of up to a thousand images.
class Scene {
 public:
  explicit Scene(const fs::path& folder)
      : folder_(made(folder)),
        camera_(folder / "scene_camera.json"),
        gt_(folder / "scene_gt.json"),
        gt_info_(folder / "scene_gt_info.json") {}

  void add(const LabelledImage& image, const BopImage& bop) {
    const std::string name = six_digits(images_);
    place_picture(image.file, folder_ / "rgb" / (name + "." + kind_of(image)));
    place_picture(*image.depth, folder_ / "depth" / (name + ".png"));
    for (std::size_t i = 0; i < bop.mask.size(); ++i) {
      const std::string file = name + "_" + six_digits(i) + ".png";
      write_mask(bop.mask[i], folder_ / "mask" / file);
      write_mask(bop.mask_visib[i], folder_ / "mask_visib" / file);
    }
    camera_.add(images_, bop.camera);
    gt_.add(images_, bop.gt);
    gt_info_.add(images_, bop.gt_info);
    ++images_;
  }
  bool full() const { return images_ == kBopSceneImages; }
  void finish() {
    camera_.finish();
    gt_.finish();
    gt_info_.finish();
  }

 private:
  static fs::path made(const fs::path& folder) {
    for (const char* part : {"rgb", "depth", "mask", "mask_visib"}) {
      std::error_code reason;
      fs::create_directories(folder / part, reason);
      if (reason) {
        throw Error((folder / part).string() + ": cannot be made: " + reason.message(), Exit::io);
      }
    }
    return folder;
  }
  static std::string kind_of(const LabelledImage& image) {
    const std::vector<std::byte> start = first_bytes(image.file, 8);
    std::string kind = picture_kind({reinterpret_cast<const char*>(start.data()), start.size()});
    if (!kind.empty()) return kind;
    throw Error("image \"" + image.name + "\": its picture is neither JPEG nor PNG");
  }
  static void write_mask(const Rle& mask, const fs::path& file) {
    Image<std::uint8_t> pixels = mask_from_rle(mask);
    for (std::uint8_t& pixel : pixels.pixels) pixel = pixel != 0 ? 255 : 0;
    const std::vector<std::byte> png = png_from(pixels);
    write_text(file, {reinterpret_cast<const char*>(png.data()), png.size()});
  }

  fs::path folder_;
  SceneFile camera_, gt_, gt_info_;
  std::uint64_t images_ = 0;
};

class Bop : public Sink {
 public:
  Bop(fs::path folder, const DatasetInfo& info, const SinkOptions& options)
      : folder_(std::move(folder)), models_(folder_, info), options_(options) {}

  void add(const LabelledImage& image) override {
    if (header_of(image).orientation != 1) {
      throw Error("image \"" + image.name +
                  "\": its picture lies on its side, BOP wants it upright");
    }
    const BopImage bop = bop_image(image, models_, options_, left_out_);
    const fs::path split = split_folder(image, "unsplit");
    Split& of = splits_[split.string()];
    if (!of.scene) of.scene = std::make_unique<Scene>(folder_ / split / six_digits(of.scenes++));
    of.scene->add(image, bop);
    if (!of.scene->full()) return;
    of.scene->finish();
    of.scene.reset();
  }

  void finish() override {
    for (auto& [name, split] : splits_) {
      if (split.scene) split.scene->finish();
    }
    models_.finish(left_out_);
  }

 private:
  struct Split {
    std::uint64_t scenes = 0;
    std::unique_ptr<Scene> scene;  ///< the open one
  };

  fs::path folder_;
  BopModels models_;
  SinkOptions options_;
  std::map<std::string, Split> splits_;
};

}  // namespace

std::unique_ptr<Sink> make_bop(const fs::path& folder, const DatasetInfo& info,
                               const SinkOptions& options) {
  return std::make_unique<Bop>(folder, info, options);
}

}  // namespace orrery

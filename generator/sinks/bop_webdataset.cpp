// Byte layout of BOP-WebDataset (bop_toolkit_lib/dataset/bop_webdataset.py): a folder for each
// split, "unsplit" for images without one, and in it
//   shard-000000.tar, …   tar archives as those of WebDataset, of at most 1000 images
//   key_to_shard.json     {"000000_000000": 0, …}: the shard of each key
//   index.json            see Shards
// and beside the splits
//   models/               see BopModels
//
// A key is SSSSSS_IIIIII, scene and image: a scene is a thousand images, as in BOP. Its members are
// neighbours, in order of their names:
//   camera.json, gt.json, gt_info.json       of this image; see BopImage
//   depth.png                                16 bits, millimetres along the optical axis, 0 = none
//   mask.json, mask_visib.json               {"0": {"counts": [n,…], "size": [h,w]}, …} by label:
//   run
//                                            lengths down the columns, starting with background
//   rgb.jpg or rgb.png                       the picture

#include <algorithm>
#include <cstdio>
#include <map>

#include "generator/sinks/bop_image.hpp"
#include "generator/sinks/packed_picture.hpp"
#include "generator/sinks/shards.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/tar.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// Uncompressed: the toolkit's own reader takes these without pycocotools.
Json json_of(const std::vector<Rle>& masks) {
  Json out = Json::object();
  for (std::size_t i = 0; i < masks.size(); ++i) {
    out[std::to_string(i)] = {{"counts", masks[i].counts},
                              {"size", {masks[i].height, masks[i].width}}};
  }
  return out;
}

SinkOptions limited(SinkOptions options) {
  options.shard_images = std::min<std::size_t>(options.shard_images, kBopSceneImages);
  return options;
}

/// The shards of one split and which key is in which.
class KeyedShards {
 public:
  KeyedShards(const fs::path& folder, const SinkOptions& options)
      : shards_(folder, ".tar", tar_end(), options), keys_(folder / "key_to_shard.json") {
    keys_.write("{");
  }

  void add(const LabelledImage& image, const BopImage& bop) {
    char key[64];
    std::snprintf(key, sizeof key, "%06llu_%06llu",
                  static_cast<unsigned long long>(images_ / kBopSceneImages),
                  static_cast<unsigned long long>(images_ % kBopSceneImages));
    const PackedPicture picture = packed_picture(image);
    std::string archive;
    const auto put = [&](const std::string& name, std::string_view content) {
      add_tar_member(archive, std::string(key) + "." + name, content);
    };
    put("camera.json", bop.camera.dump());
    put("depth.png", file_bytes(*image.depth));
    put("gt.json", bop.gt.dump());
    put("gt_info.json", bop.gt_info.dump());
    put("mask.json", json_of(bop.mask).dump());
    put("mask_visib.json", json_of(bop.mask_visib).dump());
    put("rgb." + picture.extension, picture.bytes);
    const std::size_t shard = shards_.add(archive);
    keys_.write(std::string(images_++ == 0 ? "\n\"" : ",\n\"") + key +
                "\": " + std::to_string(shard));
  }
  void finish(const Json& more) {
    shards_.finish(more);
    keys_.write("\n}\n");
    keys_.commit();
  }

 private:
  Shards shards_;
  WholeFile keys_;
  std::uint64_t images_ = 0;
};

class BopWebdataset : public Sink {
 public:
  BopWebdataset(fs::path folder, const DatasetInfo& info, const SinkOptions& options)
      : folder_(std::move(folder)),
        info_(info),
        models_(folder_, info),
        options_(limited(options)) {}

  void add(const LabelledImage& image) override {
    const BopImage bop = bop_image(image, models_, options_, left_out_);
    const fs::path split = split_folder(image, "unsplit");
    splits_.try_emplace(split.string(), folder_ / split, options_).first->second.add(image, bop);
  }

  void finish() override {
    for (auto& [name, shards] : splits_) {
      Json more = json_of(info_);
      more["split"] = name == "unsplit" ? "" : name;
      shards.finish(more);
    }
    models_.finish(left_out_);
  }

 private:
  fs::path folder_;
  DatasetInfo info_;
  BopModels models_;
  SinkOptions options_;
  std::map<std::string, KeyedShards> splits_;
};

}  // namespace

std::unique_ptr<Sink> make_bop_webdataset(const fs::path& folder, const DatasetInfo& info,
                                          const SinkOptions& options) {
  return std::make_unique<BopWebdataset>(folder, info, options);
}

}  // namespace orrery

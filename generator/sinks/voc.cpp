// Pascal VOC. Byte layout:
//
//   JPEGImages/<name>.<ext>     the pictures
//   Annotations/<name>.xml      folder, filename, source/database, size, segmented, and per label
//   an
//                               object: name, pose (Unspecified), truncated, occluded, difficult,
//                               bndbox (xmin ymin xmax ymax)
//   ImageSets/Main/<split>.txt, fold<k>_{train,val}.txt   names, one a line; "default" holds images
//                               without a split
//   SegmentationObject/<name>.png, SegmentationClass/<name>.png and ImageSets/Segmentation/…
//                               where labels of an image have masks: see voc_masks.hpp
//   labelmap.txt                "# label:color_rgb:parts:actions", then a class a line
//
// Boxes are whole numbers, from 1 and inclusive, as VOC's own: xmin = x0 + 1, xmax = x1, rounded to
// the nearest pixel (halves up), of the part inside the image; one pixel at least. Those that
// rounding moves are counted. truncated and occluded are 1 where the label says more than nothing
// is cut off or hidden; difficult is "hard". Crowds have no object, only void pixels.

#include <algorithm>
#include <cmath>

#include "generator/sinks/carried.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/sinks/image_lists.hpp"
#include "generator/sinks/sink_factories.hpp"
#include "generator/sinks/voc_masks.hpp"
#include "generator/sinks/xml_text.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

struct WholeBox {
  int x0 = 0, y0 = 0, x1 = 0, y1 = 0;  ///< half-open
};

/// [from, to) of whole pixels inside [0, size); one at least.
void round_inside(double from, double to, int size, int& first, int& end) {
  const auto nearest = [&](double x) {
    // Halves go up, also those that are a little less after a detour through another format.
    constexpr double kHalf = 0.5 + 1e-6;
    return static_cast<int>(std::floor(std::clamp(x, 0.0, static_cast<double>(size)) + kHalf));
  };
  first = std::min(nearest(from), size - 1);
  end = std::max(nearest(to), first + 1);
}

std::string yes(bool is) { return is ? "1" : "0"; }

class VocSink : public Sink {
 public:
  VocSink(const std::filesystem::path& folder, DatasetInfo info, const SinkOptions& options)
      : folder_(folder),
        info_(std::move(info)),
        options_(options),
        names_(folder),
        masked_names_(folder) {}

  void add(const LabelledImage& image) override {
    static constexpr Carries kCarries{.masks = true,
                                      .crowds = true,
                                      .hard = true,
                                      .fractions = true,
                                      .splits = true,
                                      .folds = true};
    place_picture_of(image, folder_ / "JPEGImages");
    const std::vector<const Label*> labels = carried(image, kCarries, options_, left_out_);
    std::vector<const Label*> in;
    for (const Label* label : labels) {
      if (is_inside(image, *label)) in.push_back(label);
    }
    const bool segmented = std::any_of(in.begin(), in.end(), [](const Label* label) {
      return label->mask || !label->outline.empty();
    });
    write_text(folder_ / "Annotations" / (image.name + ".xml"), xml_of(image, in, segmented));
    lists_.add(image, "default");
    names_.add(image.name);
    if (segmented) {
      write_masks(image, in);
      masked_.add(image, "default");
      masked_names_.add(image.name);
    }
  }

  void finish() override {
    write_lists(folder_ / "ImageSets" / "Main", lists_, names_);
    write_lists(folder_ / "ImageSets" / "Segmentation", masked_, masked_names_);
    std::string map = "# label:color_rgb:parts:actions\n";
    for (const std::string& name : info_.classes) map += name + ":::\n";
    write_text(folder_ / "labelmap.txt", map);
  }

 private:
  bool is_inside(const LabelledImage& image, const Label& label) {
    if (label.crowd) {
      const bool has_pixels = label.mask || !label.outline.empty();
      if (!has_pixels) ++left_out_["crowd regions"];
      return has_pixels;
    }
    const Rect& b = label.box;
    if (!b.empty() && b.x0 < image.width && b.y0 < image.height && b.x1 > 0 && b.y1 > 0)
      return true;
    ++left_out_["boxes outside the image"];
    return false;
  }

  std::string xml_of(const LabelledImage& image, const std::vector<const Label*>& labels,
                     bool segmented) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("annotation");
    add_text(root, "folder", "JPEGImages");
    add_text(root, "filename", picture_name(image));
    pugi::xml_node source = root.append_child("source");
    add_text(source, "database", info_.name.empty() ? "Unknown" : info_.name);
    pugi::xml_node size = root.append_child("size");
    add_text(size, "width", std::to_string(image.width));
    add_text(size, "height", std::to_string(image.height));
    add_text(size, "depth", "3");
    add_text(root, "segmented", yes(segmented));
    for (const Label* label : labels) {
      if (!label->crowd) add_object(root, image, *label);
    }
    return xml_text(root);
  }

  void add_object(pugi::xml_node& root, const LabelledImage& image, const Label& label) {
    WholeBox box;
    round_inside(label.box.x0, label.box.x1, image.width, box.x0, box.x1);
    round_inside(label.box.y0, label.box.y1, image.height, box.y0, box.y1);
    const Rect exact{static_cast<double>(box.x0), static_cast<double>(box.y0),
                     static_cast<double>(box.x1), static_cast<double>(box.y1)};
    if (!(exact == label.box)) ++left_out_["fractions of pixels in boxes"];
    pugi::xml_node object = root.append_child("object");
    add_text(object, "name", info_.classes.at(label.class_id));
    add_text(object, "pose", "Unspecified");
    add_text(object, "truncated", yes(label.truncation.value_or(0) > 0));
    add_text(object, "occluded", yes(label.occlusion.value_or(0) > 0));
    add_text(object, "difficult", yes(label.hard));
    pugi::xml_node corners = object.append_child("bndbox");
    add_text(corners, "xmin", std::to_string(box.x0 + 1));
    add_text(corners, "ymin", std::to_string(box.y0 + 1));
    add_text(corners, "xmax", std::to_string(box.x1));
    add_text(corners, "ymax", std::to_string(box.y1));
  }

  void write_masks(const LabelledImage& image, const std::vector<const Label*>& labels) {
    const VocMasks masks = voc_masks(image, labels);
    if (masks.left_out > 0) left_out_["masks beyond 254 objects or classes"] += masks.left_out;
    const auto write = [&](const char* folder, const Image<std::uint8_t>& plane) {
      const std::vector<std::byte> png = palette_png(plane);
      write_text(folder_ / folder / (image.name + ".png"),
                 {reinterpret_cast<const char*>(png.data()), png.size()});
    };
    write("SegmentationObject", masks.object);
    write("SegmentationClass", masks.of_class);
  }

  static void write_lists(const std::filesystem::path& sets, const ImageLists& lists,
                          const Spool& names) {
    for (const std::string& split : lists.splits()) {
      write_list(sets / (split + ".txt"), lists, {.split = split}, names);
    }
    for (int k = 0; k < lists.folds(); ++k) {
      const std::string fold = "fold" + std::to_string(k);
      write_list(sets / (fold + "_train.txt"), lists, {.fold = k, .val = false}, names);
      write_list(sets / (fold + "_val.txt"), lists, {.fold = k, .val = true}, names);
    }
  }

  std::filesystem::path folder_;
  DatasetInfo info_;
  SinkOptions options_;
  ImageLists lists_;
  ImageLists masked_;
  Spool names_;
  Spool masked_names_;
};

}  // namespace

std::unique_ptr<Sink> make_voc(const std::filesystem::path& folder, const DatasetInfo& info,
                               const SinkOptions& options) {
  return std::make_unique<VocSink>(folder, info, options);
}

}  // namespace orrery

#include "python/sample.hpp"

#include <nanobind/ndarray.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstring>

#include "generator/dataset_folder.hpp"
#include "generator/ingest/coco_label.hpp"
#include "generator/labelled_image.hpp"
#include "generator/upright_picture.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace nb = nanobind;

/// [height, width, channels] of eight bits, somebody else's memory.
using Pixels = nb::ndarray<std::uint8_t, nb::ndim<3>, nb::c_contig, nb::device::cpu>;

std::span<const std::byte> view_of(const nb::bytes& bytes) {
  return {static_cast<const std::byte*>(bytes.data()), bytes.size()};
}

nb::bytes bytes_of(std::span<const std::byte> bytes) {
  return nb::bytes(bytes.data(), bytes.size());
}

template <class T>
nb::ndarray<nb::numpy, T> owned_array(std::vector<T> values,
                                      std::initializer_list<std::size_t> shape) {
  auto* owned = new std::vector<T>(std::move(values));
  const nb::capsule owner(owned, [](void* p) noexcept { delete static_cast<std::vector<T>*>(p); });
  return nb::ndarray<nb::numpy, T>(owned->data(), shape, owner);
}

/// The first `channels` of each pixel.
void copy_channels(const Image<Rgba8>& from, std::size_t channels, std::uint8_t* to) {
  for (const Rgba8& pixel : from.pixels) {
    std::memcpy(to, &pixel.x, channels);
    to += channels;
  }
}

Image<Rgba8> decoded(const nb::bytes& bytes, const std::string& where) {
  const std::span<const std::byte> view = view_of(bytes);
  const nb::gil_scoped_release release;
  return upright_pixels(view, 1, where);
}

nb::ndarray<nb::numpy, std::uint8_t> color(const nb::bytes& bytes, const std::string& where,
                                           bool alpha) {
  const Image<Rgba8> image = decoded(bytes, where);
  const std::size_t channels = alpha ? 4 : 3;
  std::vector<std::uint8_t> values(image.pixels.size() * channels);
  copy_channels(image, channels, values.data());
  return owned_array(std::move(values), {static_cast<std::size_t>(image.height),
                                         static_cast<std::size_t>(image.width), channels});
}

void color_into(const nb::bytes& bytes, const std::string& where, const Pixels& out) {
  const Image<Rgba8> image = decoded(bytes, where);
  const std::size_t channels = out.shape(2);
  if (out.shape(0) != static_cast<std::size_t>(image.height) ||
      out.shape(1) != static_cast<std::size_t>(image.width) || channels < 3 || channels > 4) {
    throw Error(where + ": is " + std::to_string(image.width) + "x" + std::to_string(image.height) +
                    " pixels, wanted an array of that size and 3 or "
                    "4 channels, found one of " +
                    std::to_string(out.shape(1)) + "x" + std::to_string(out.shape(0)) + " and " +
                    std::to_string(channels),
                Exit::usage);
  }
  copy_channels(image, channels, out.data());
}

nb::ndarray<nb::numpy, std::uint16_t> gray(const nb::bytes& bytes, const std::string& where) {
  Image<std::uint16_t> image = gray_from_bytes(view_of(bytes), where);
  const auto width = static_cast<std::size_t>(image.width);
  const auto height = static_cast<std::size_t>(image.height);
  return owned_array(std::move(image.pixels), {height, width});
}

/// Of COCO's "segmentation": run lengths or polygons.
nb::ndarray<nb::numpy, bool> mask(const std::string& segmentation, int width, int height) {
  const Json json = Json::parse(segmentation);
  Label label;
  if (json.is_object()) {
    label.mask = coco_rle(json);
  } else {
    for (const Json& list : json) {
      Polygon& polygon = label.outline.emplace_back();
      for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
        polygon.emplace_back(list[i].get<double>(), list[i + 1].get<double>());
      }
    }
  }
  const std::optional<Rle> rle = mask_of(label, width, height);
  const auto rows = static_cast<std::size_t>(height);
  const auto columns = static_cast<std::size_t>(width);
  auto* pixels = new bool[rows * columns]();
  const nb::capsule owner(pixels, [](void* p) noexcept { delete[] static_cast<bool*>(p); });
  std::size_t at = 0;  // down the columns
  bool inside = false;
  for (const std::uint32_t run : rle ? rle->counts : std::vector<std::uint32_t>{}) {
    for (std::uint32_t i = 0; i < run && at < rows * columns; ++i, ++at) {
      pixels[at % rows * columns + at / rows] = inside;
    }
    inside = !inside;
  }
  return nb::ndarray<nb::numpy, bool>(pixels, {rows, columns}, owner);
}

nb::bytes file_of(const Sample& sample, const std::string& path) {
  const auto found = std::find_if(sample.files.begin(), sample.files.end(),
                                  [&](const EncodedFile& file) { return file.path == path; });
  if (found == sample.files.end()) {
    throw Error("sample " + std::to_string(sample.index) + ": has no file " + path, Exit::usage);
  }
  return bytes_of(found->bytes);
}

std::vector<std::string> paths_of(const Sample& sample) {
  std::vector<std::string> paths;
  for (const EncodedFile& file : sample.files) paths.push_back(file.path);
  return paths;
}

std::string coco_of(const Sample& sample) {
  return Json({{"image", sample.coco.image}, {"annotations", sample.coco.annotations}}).dump();
}

}  // namespace

void bind_samples(nb::module_& module) {
  nb::class_<Sample>(module, "Sample", "A sample as it would be written.")
      .def_ro("index", &Sample::index)
      .def_ro("substitute", &Sample::substitute,
              "0: as drawn; k: its k-th other draw, since those before could not be made.")
      .def_prop_ro("paths", &paths_of, "Its files, the picture first.")
      .def_prop_ro(
          "manifest", [](const Sample& sample) { return sample.manifest.dump(); },
          "Its line of manifest.jsonl.")
      .def_prop_ro("coco", &coco_of, "JSON of its COCO image and annotations.")
      .def("read", &file_of, nb::arg("path"), "The bytes of one of its files.");
  nb::class_<DatasetFolder>(module, "DatasetFolder", "Files of a dataset that was written.")
      .def(nb::init<const std::filesystem::path&>(), nb::arg("folder"))
      .def(
          "read",
          [](DatasetFolder& folder, std::uint64_t index, const std::string& path) {
            return bytes_of(stored_bytes(folder.find(index, path)));
          },
          nb::arg("index"), nb::arg("path"), "The bytes of a file of sample `index`.");
  module.def("color", &color, nb::arg("picture"), nb::arg("where"), nb::arg("alpha") = false,
             "The pixels of a JPEG or PNG, uint8 [height, width, 3], or 4 with alpha.");
  module.def("color_into", &color_into, nb::arg("picture"), nb::arg("where"), nb::arg("out"),
             "The same into an array of that shape.");
  module.def("gray", &gray, nb::arg("picture"), nb::arg("where"),
             "The values of a grey PNG of 8 or 16 bits, uint16 [height, width].");
  module.def("mask", &mask, nb::arg("segmentation"), nb::arg("width"), nb::arg("height"),
             "The pixels of a COCO segmentation (JSON), bool [height, width].");
}

}  // namespace orrery

#include "tests/generator/store/plain_source.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "generator/encode.hpp"
#include "generator/ingest/picture_header.hpp"
#include "generator/label_json.hpp"
#include "generator/store/store.hpp"
#include "generator/whole_file.hpp"
#include "scenes/random.hpp"

namespace orrery::testing {
namespace {

namespace fs = std::filesystem;

class PlainSource final : public Source {
 public:
  explicit PlainSource(const fs::path& folder) : folder_(folder) {
    info_.classes = {"a", "b", "c"};
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const fs::path extension = entry.path().extension();
      if (extension == ".jpg" || extension == ".png") files_.push_back(entry.path());
    }
    std::sort(files_.begin(), files_.end());
  }
  const DatasetInfo& info() const override { return info_; }
  const std::vector<Problem>& problems() const override { return problems_; }
  std::optional<LabelledImage> next() override {
    while (at_ < files_.size()) {
      const fs::path file = files_[at_++];
      PictureFault fault;
      const auto header = find_picture_header(file, fault);
      if (!header) {
        problems_.push_back({file.string(), fault.reason, fault.text, true});
        continue;
      }
      LabelledImage image;
      image.file = file;
      image.name = file.lexically_relative(folder_).replace_extension().generic_string();
      image.width = header->upright_width();
      image.height = header->upright_height();
      std::ifstream boxes(fs::path(file).replace_extension(".txt"));
      for (Label label; boxes >> label.class_id >> label.box.x0 >> label.box.y0 >> label.box.x1 >>
                        label.box.y1;) {
        label.id = image.labels.size() + 1;
        image.labels.push_back(label);
      }
      return image;
    }
    return std::nullopt;
  }

 private:
  fs::path folder_;
  DatasetInfo info_;
  std::vector<fs::path> files_;
  std::vector<Problem> problems_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_plain(const fs::path& folder) {
  return std::make_unique<PlainSource>(folder);
}

Image<Rgba8> hills(std::uint64_t seed, int width, int height) {
  Rng rng(seed, 0, "hills");
  std::vector<std::array<double, 4>> waves(12);
  for (auto& wave : waves) {
    for (double& value : wave) value = rng.uniform(0.0, 6.0);
  }
  Image<Rgba8> image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      double sum = 0;
      for (const auto& wave : waves) {
        sum += std::sin(wave[0] * 5 * x / width + wave[1] * 5 * y / height + wave[2]);
      }
      const auto grey = static_cast<std::uint8_t>(std::clamp(128 + 20 * sum, 0.0, 255.0));
      image.at(x, y) = Rgba8(grey, grey / 2 + 40, 255 - grey, 255);
    }
  }
  return image;
}

void write_jpeg(const fs::path& file, const Image<Rgba8>& pixels, int quality) {
  fs::create_directories(file.parent_path());
  write_whole_file(file, jpeg_from(pixels, quality, false));
}

void write_text(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

IngestSummary ingest_plain(const fs::path& folder, const fs::path& store) {
  Intake intake({store, folder, "", "", "", "{}", false});
  const std::unique_ptr<Source> source = open_plain(folder);
  intake.take(*source);
  return intake.end();
}

std::vector<LabelledImage> all_of(const fs::path& store) {
  std::vector<LabelledImage> all;
  const std::unique_ptr<Source> source = open_store(store);
  while (auto image = source->next()) all.push_back(std::move(*image));
  CHECK(source->problems().empty());
  return all;
}

std::string content_of(const fs::path& store) {
  std::ostringstream text;
  for (const LabelledImage& image : all_of(store)) {
    text << image.name << ' ' << image.file.path.lexically_relative(store).string() << ' '
         << image.width << ' ' << image.height << ' ' << image.split << ' ' << image.more << '\n';
    for (const Ingredient& ingredient : image.lineage)
      text << "  " << json_from(ingredient) << '\n';
    for (const Label& label : image.labels) text << "  " << json_from(label) << '\n';
  }
  return text.str();
}

bool python(const std::string& script, const std::string& arguments) {
  const std::string start = ORRERY_PYTHON;
  if (std::system((start + " -c 'import numpy, PIL, cv2' 2>/dev/null").c_str()) != 0) {
    MESSAGE("skipped: " << start << " with numpy, Pillow and OpenCV is not there (./dev setup)");
    return true;
  }
  const std::string command = start + " " ORRERY_STORE_ORACLES "/" + script + " " + arguments;
  return std::system(command.c_str()) == 0;
}

}  // namespace orrery::testing

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>

#include "generator/data_commands.hpp"
#include "generator/encode.hpp"
#include "generator/option_values.hpp"
#include "generator/rectify/rectify.hpp"
#include "generator/source.hpp"
#include "generator/upright_picture.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// Writes textures of things in photos, and says which there were none of.
class Rectifier {
 public:
  Rectifier(const RectifyCommand& command, std::ostream& say) : command_(command), say_(say) {
    const auto [width, height] = size_from("--size", command.size);
    const double longer = std::max(width, height);
    width_ = std::max(1, static_cast<int>(std::lround(command.pixels * width / longer)));
    height_ = std::max(1, static_cast<int>(std::lround(command.pixels * height / longer)));
    fs::create_directories(command.out);
  }

  /// One thing, to be written as `name`.png, or with a number where that is taken.
  void add(const Image<Rgba8>& photo, const Rect& around, const std::string& name,
           const std::string& where) {
    try {
      const Quad quad = find_quad(photo, around, where);
      Image<Rgba8> texture = seen_straight(photo, quad, width_, height_);
      if (command_.even) texture = evenly_lit(texture);
      const int taken = taken_[name]++;
      const std::string number = taken == 0 ? "" : "_" + std::to_string(taken + 1);
      write_whole_file(command_.out / (name + number + ".png"), png_from(texture, Alpha::drop));
      ++made_;
    } catch (const Error& error) {
      if (error.exit() != Exit::data) throw;
      say_ << "left out: " << error.what() << '\n';
      ++left_out_;
    }
  }

  int end() const {
    say_ << command_.out.string() << ": " << made_ << " textures of " << width_ << "x" << height_
         << " texels, " << left_out_ << " things left out\n";
    return made_ == 0 || left_out_ > 0 ? 1 : 0;
  }

 private:
  const RectifyCommand& command_;
  std::ostream& say_;
  int width_ = 0;
  int height_ = 0;
  std::map<std::string, int> taken_;
  std::size_t made_ = 0;
  std::size_t left_out_ = 0;
};

/// Labels that are wholly in the picture: others show no four sides.
void add_labels(Rectifier& rectifier, const LabelledImage& image, const DatasetInfo& info) {
  const Image<Rgba8> photo = read_upright(image.file);
  const std::string stem = fs::path(image.name).filename().string();
  for (const Label& label : image.labels) {
    if (label.crowd) continue;
    const std::string& class_name = info.classes.at(label.class_id);
    rectifier.add(photo, label.box, class_name + "_" + stem,
                  image.name + ": " + class_name + " at " +
                      std::to_string(static_cast<int>(label.box.x0)) + "," +
                      std::to_string(static_cast<int>(label.box.y0)));
  }
}

/// A photo of one thing and little else.
void add_whole(Rectifier& rectifier, const StoredFile& file, const std::string& name,
               const std::string& where) {
  const Image<Rgba8> photo = read_upright(file);
  const double x = 0.04 * photo.width;
  const double y = 0.04 * photo.height;
  rectifier.add(photo, {x, y, photo.width - x, photo.height - y}, name, where);
}

}  // namespace

int run_rectify(const RectifyCommand& command, std::ostream& out) {
  Rectifier rectifier(command, out);
  const std::string extension = command.source.extension().string();
  if (extension == ".jpg" || extension == ".jpeg" || extension == ".JPG" || extension == ".png") {
    add_whole(rectifier, command.source, command.source.stem().string(), command.source.string());
    return rectifier.end();
  }
  const std::unique_ptr<Source> source = open_source(command.source, command.format);
  while (const auto image = source->next()) {
    if (source->info().classes.empty()) {  // pictures alone
      add_whole(rectifier, image->file, fs::path(image->name).filename().string(), image->name);
    } else {
      add_labels(rectifier, *image, source->info());
    }
  }
  for (const Problem& problem : source->problems()) {
    out << "left out: " << problem.where << ": " << problem.text << '\n';
  }
  return rectifier.end();
}

}  // namespace orrery

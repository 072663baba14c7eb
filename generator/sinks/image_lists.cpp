#include "generator/sinks/image_lists.hpp"

#include <algorithm>
#include <limits>

#include "scenes/error.hpp"

namespace orrery {
namespace {

bool is_file_name(const std::string& name) {
  return name != "." && name != ".." && name.find_first_of("/\\\n\r") == std::string::npos &&
         name.find('\0') == std::string::npos;
}

}  // namespace

void require_split_name(const LabelledImage& image) {
  if (is_file_name(image.split)) return;
  throw Error("image \"" + image.name + "\": its split is \"" + image.split +
              "\", wanted a name that a file can have");
}

void ImageLists::add(const LabelledImage& image, const std::string& else_split) {
  const std::string& name = image.split.empty() ? else_split : image.split;
  require_split_name(image);
  const int fold = image.fold.value_or(-1);
  if (fold < -1 || (image.fold && fold < 0) || fold >= std::numeric_limits<std::int16_t>::max()) {
    throw Error("image \"" + image.name + "\": its fold is " + std::to_string(fold) +
                ", wanted one from 0");
  }
  const auto found = std::find(names_.begin(), names_.end(), name);
  const auto split = static_cast<std::uint16_t>(found - names_.begin());
  if (found == names_.end()) names_.push_back(name);
  rows_.push_back({split, static_cast<std::int16_t>(fold), image.train_only});
  folds_ = std::max(folds_, fold + 1);
}

std::vector<std::string> ImageLists::splits() const {
  std::vector<std::string> names = names_;
  std::sort(names.begin(), names.end());
  return names;
}

bool ImageLists::has(const ImageList& part, std::uint64_t image) const {
  const Row& row = rows_.at(image);
  if (part.fold < 0) return names_[row.split] == part.split;
  if (row.fold == part.fold) return part.val && !row.train_only;
  return !part.val && (row.fold >= 0 || row.train_only);
}

void write_list(const std::filesystem::path& file, const ImageLists& lists, const ImageList& part,
                const Spool& lines, const std::function<std::string(std::string_view)>& with) {
  TextFile out(file);
  lines.each([&](std::uint64_t image, std::string_view line) {
    if (!lists.has(part, image)) return;
    out.write(with ? with(line) : line);
    out.write("\n");
  });
  out.close();
}

}  // namespace orrery

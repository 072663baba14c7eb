// Pictures without labels, below a folder. Splits: folders named train, val or test. The folder
// that a picture lies in is its session, unless it is the dataset itself or a split: people take
// pictures out of cameras by the folder. No class is made of folder names: a class without a box
// is no label of an instance.

#include "generator/ingest/formats.hpp"
#include "generator/ingest/read_source.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

class ImageFolder : public ReadSource {
 public:
  explicit ImageFolder(const fs::path& path)
      : ReadSource(fs::is_directory(path) ? path : path.parent_path()) {
    for (const fs::path& file :
         files_below(path, {".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".gif"})) {
      files_.push_back(file);
    }
  }

 private:
  std::optional<LabelledImage> read_next() override {
    while (at_ < files_.size()) {
      const fs::path& file = files_[at_++];
      DraftImage draft = this->draft(file.string());
      if (!draft.open(file)) continue;
      draft.image.split = split_of(file, root_);
      const fs::path folder = file.parent_path().lexically_relative(root_);
      if (!folder.empty() && folder != "." && split_of(folder.filename().string()).empty()) {
        draft.image.lineage.push_back({"session", folder.generic_string()});
      }
      return draft.take();
    }
    return std::nullopt;
  }

  std::vector<fs::path> files_;
  std::size_t at_ = 0;
};

}  // namespace

std::unique_ptr<Source> open_images(const fs::path& path) {
  return std::make_unique<ImageFolder>(path);
}

}  // namespace orrery

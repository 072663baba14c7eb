#include "generator/store/store.hpp"

#include <algorithm>

#include "generator/label_json.hpp"
#include "generator/store/store_index.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

/// The size of an image's group comes with it, and its first picture.
constexpr const char* kImages =
    "SELECT i.id, i.sha256, i.name, i.extension, i.width, i.height, i.split, i.session, "
    "i.licence, i.origin, i.said, i.ingest, "
    "(SELECT count(*) FROM images g WHERE g.duplicates = i.duplicates), f.sha256 "
    "FROM images i JOIN images f ON f.id = i.duplicates ORDER BY i.id";

class StoreSource final : public Source {
 public:
  explicit StoreSource(const std::filesystem::path& path)
      : index_(path, Database::Mode::read),
        snapshot_(index_.database()),
        info_(index_.info()),
        images_(index_.database(), kImages),
        labels_(index_.database(),
                "SELECT label FROM annotations WHERE image = ? ORDER BY number") {}

  const DatasetInfo& info() const override { return info_; }
  const std::vector<Problem>& problems() const override { return problems_; }

  std::optional<LabelledImage> next() override {
    while (images_.step()) {
      LabelledImage image = read_row();
      std::error_code ignored;
      if (std::filesystem::is_regular_file(image.file.path, ignored)) return image;
      problems_.push_back({image.file.string(), "picture_missing",
                           image.file.string() + ": is not there, wanted the picture " +
                               image.name + " of the store",
                           true});
    }
    return std::nullopt;
  }

 private:
  /// What is read lies in one transaction: others may write meanwhile, and are not seen.
  struct Snapshot {
    explicit Snapshot(Database& database) { database.run("BEGIN"); }
  };

  LabelledImage read_row() {
    const std::string where = index_.folder().string() + ": image " + images_.text(0);
    const std::string sha256 = images_.text(1);
    LabelledImage image;
    image.name = images_.text(2);
    image.file = object_path(index_.folder(), sha256, images_.text(3));
    image.width = static_cast<int>(images_.number(4));
    image.height = static_cast<int>(images_.number(5));
    image.split = images_.text(6);
    read_said(Json::parse(images_.text(10)), where, image);
    const std::string licence = images_.text(8);
    image.lineage.push_back({"photo", image.name, sha256, licence});
    image.lineage.push_back({"session", images_.text(9) + "/" + images_.text(7)});
    if (images_.number(12) > 1) image.lineage.push_back({"duplicates", images_.text(13)});
    std::sort(image.lineage.begin(), image.lineage.end());
    image.lineage.erase(std::unique(image.lineage.begin(), image.lineage.end()),
                        image.lineage.end());
    image.more["origin"] = images_.text(9);
    image.more["licence"] = licence;
    image.more["ingest"] = images_.number(11);
    labels_.with(images_.number(0));
    while (labels_.step()) {
      image.labels.push_back(label_from_json(Json::parse(labels_.text(0)), where));
    }
    return image;
  }

  void read_said(const Json& said, const std::string& where, LabelledImage& image) const {
    for (const Json& ingredient : said.value("lineage", Json::array())) {
      image.lineage.push_back(ingredient_from_json(ingredient, where));
    }
    if (said.contains("fold")) image.fold = said["fold"].get<int>();
    image.train_only = said.value("train_only", false);
    image.track = said.value("track", std::string());
    if (said.contains("camera")) image.camera = intrinsics_from_json(said["camera"], where);
    if (said.contains("depth")) image.depth = index_.folder() / said["depth"].get<std::string>();
    if (said.contains("ids")) image.ids = index_.folder() / said["ids"].get<std::string>();
    image.more = said.value("more", Json::object());
  }

  StoreIndex index_;
  Snapshot snapshot_;
  DatasetInfo info_;
  std::vector<Problem> problems_;
  Statement images_;
  Statement labels_;
};

}  // namespace

bool is_store(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path / "index.sqlite", ignored);
}

std::unique_ptr<Source> open_store(const std::filesystem::path& path) {
  if (!is_store(path)) {
    throw Error(path.string() + ": holds no index.sqlite, wanted a store (see orrery ingest)");
  }
  return std::make_unique<StoreSource>(path);
}

std::filesystem::path object_path(const std::filesystem::path& store, const std::string& sha256,
                                  const std::string& extension) {
  return store / "objects" / sha256.substr(0, 2) / (sha256.substr(2) + extension);
}

}  // namespace orrery

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <numbers>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generator/source.hpp"

// What all readers share. Boxes end up as Rect, half-open pixel edges; each reader says at its top
// what it converts from.
//
// Orientation: every format's labels are taken to lie on the picture as it is displayed, upright
// after EXIF: so Ultralytics, CVAT, Label Studio, Prodigy, LabelMe and labelImg show it. Where a
// format states the picture's size and that is the size as stored, while the picture lies on its
// side in the file, the labels were made on the stored picture and are turned with it.
//
// Rules that problems are counted under:
//   picture_missing picture_truncated picture_undecodable   the image is left out
//   size_differs      the stated size is neither the displayed nor the stored one: left out
//   image_duplicate   a second entry for the same picture file: left out
//   session_ambiguous several rows of images.csv may mean the picture: it is of none
//   malformed         a file, line or element that does not parse; left out
//   class_unknown class_missing                             the label is left out
//   box_not_a_number box_negative box_empty box_outside_image   the label is left out
//   box_clipped       partly outside by more than rounding; clipped and kept
//   box_duplicate     same class and shape as another in the image: left out
//   box_unlike_mask   the stated box does not hold mask or polygons; their extent is kept
//   polygon_short     a polygon with fewer than three points; left out
//   mask_malformed mask_empty                               the label is left out
//   keypoints_malformed                                     the points are left out
//   shape_unsupported an annotation of a kind that is no instance; left out
// and what single formats add, named at their top.

namespace orrery {

/// One image in the making: finds its picture and lets labels in that hold.
class DraftImage {
 public:
  /// `where` names the image in problems.
  DraftImage(std::vector<Problem>& problems, const DatasetInfo& info, std::string where)
      : problems_(problems), info_(info), where_(std::move(where)) {}

  /// Reads the picture's header. False: a problem has been noted and the image is to be left out.
  bool open(const std::filesystem::path& picture);
  /// Call before the first label. 0: not stated. False as in open().
  bool check_size(double width, double height);

  /// The size that labels refer to, pixels.
  int width() const { return turned_ ? stored_width_ : image.width; }
  int height() const { return turned_ ? stored_height_ : image.height; }

  /// A label in the format's own frame, `box` set unless mask or outline imply it. `at` says where
  /// in the file it stands. Gives it an id if it has 0.
  void add(Label label, const std::string& at);
  /// The class of a name; a problem if there is none such.
  std::optional<std::uint32_t> class_of(const std::string& name, const std::string& at);
  void problem(const std::string& at, const std::string& reason, const std::string& text,
               bool whole_image = false);

  /// With labels by id.
  LabelledImage take();

  LabelledImage image{};

 private:
  bool check_outline(Label& label, const std::string& at);
  bool check_mask(Label& label, const std::string& at);
  void fit_box(Label& label, const Rect& tight, const std::string& shape, const std::string& at);
  bool check_box(Label& label, const std::string& at);
  bool check_keypoints(Label& label, const std::string& at);
  bool is_known(const Label& label) const;
  void turn(Label& label) const;

  std::vector<Problem>& problems_;
  const DatasetInfo& info_;
  std::string where_;
  int stored_width_ = 0;
  int stored_height_ = 0;
  int orientation_ = 1;
  bool turned_ = false;  ///< labels refer to the picture as stored
  std::multimap<std::pair<double, double>, std::size_t> by_corner_;  ///< places in image.labels
};

/// A Source whose reader hands over images as it finds them; names, lineage and sessions are the
/// same for all formats. images.csv in the dataset's folder or the one above (columns `image`,
/// and `group` or `session`, and `split`) names each picture's capture session and split. Its paths
/// are relative to it; one where no picture is means that with most of its last folders.
class ReadSource : public Source {
 public:
  explicit ReadSource(std::filesystem::path root);
  const DatasetInfo& info() const final { return info_; }
  const std::vector<Problem>& problems() const final { return problems_; }
  std::optional<LabelledImage> next() final;

 protected:
  virtual std::optional<LabelledImage> read_next() = 0;
  DraftImage draft(const std::string& where) { return {problems_, info_, where}; }
  void problem(const std::string& where, const std::string& reason, const std::string& text,
               bool whole_image = false);

  std::filesystem::path root_;  ///< names of images are relative to it
  DatasetInfo info_;
  std::vector<Problem> problems_;

 private:
  struct Row {
    std::filesystem::path image;  ///< as the table has it
    std::string session;
    std::string split;
  };
  bool finish(LabelledImage& image);
  const Row* row_of(const std::filesystem::path& file);
  void read_sessions(const std::filesystem::path& csv);

  std::map<std::filesystem::path, Row> rows_;       ///< by path, of pictures that are there
  std::multimap<std::string, Row> rows_elsewhere_;  ///< by file name, of paths of another place
  std::set<std::string> names_;
  std::set<std::filesystem::path> files_;
};

/// "train", "val" or "test" if that is what a folder's or list's name says ("train2017",
/// "validation", "instances_val"); else empty.
std::string split_of(std::string_view name);
/// The split that the nearest folder of `file` below `root` names.
std::string split_of(const std::filesystem::path& file, const std::filesystem::path& root);

/// Files below `folder` (or itself) with one of the extensions, any case, in order of their paths;
/// hidden ones left out.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               const std::vector<std::string>& extensions);
bool is_picture(const std::filesystem::path& file);
/// A picture beside others by its name without extension; empty: none.
std::filesystem::path picture_named(const std::filesystem::path& without_extension);

/// The picture that a labelling program's file calls `said`: a path, on the computer where the
/// labels were made, or an address ("s3://…/a.jpg", "/data/local-files/?d=a%20b.jpg",
/// "/data/upload/ 1/0123abcd-a.jpg"). As much of its end as there is a file for below one of the
/// folders; where there is none, what the path would be in the first folder.
std::filesystem::path stated_picture(const std::vector<std::filesystem::path>& folders,
                                     const std::string& said);

/// The whole of a file. Throws Error (Exit::io).
std::string text_of_file(const std::filesystem::path& file);
/// Lines without line ends, blanks at both ends and byte-order mark; empty ones stay.
std::vector<std::string> lines_of(const std::string& text);
std::string trimmed(std::string_view text);
/// Names, one a line; empty lines at the end left out. Nothing if there is no such file.
std::vector<std::string> names_in(const std::filesystem::path& file);
std::vector<std::string_view> words_of(std::string_view line);
/// A number that is all of `text`, whatever the locale; "nan" and "inf" are numbers.
std::optional<double> number_from(std::string_view text);
std::optional<std::int64_t> whole_from(std::string_view text);
/// A box of any heading, its angle brought into [0, π/2).
OrientedBox oriented_box(const glm::dvec2& center, const glm::dvec2& size, double angle);
/// The rectangle of four corners in order: of their mean, mean edges and the first edge's heading.
OrientedBox oriented_box(const Polygon& corners);
/// Its corners in order.
Polygon corners_of(const OrientedBox& box);
/// An ellipse as 64 corners on it; `angle` as an OrientedBox has it, radians.
Polygon ellipse(const glm::dvec2& center, const glm::dvec2& radii, double angle);
/// Degrees, clockwise as the image is seen, in radians.
inline double radians_of(double degrees) { return degrees * std::numbers::pi / 180; }
/// As messages show it.
std::string shown_box(const Rect& box);

}  // namespace orrery

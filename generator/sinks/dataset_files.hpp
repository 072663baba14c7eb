#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "generator/labelled_image.hpp"

namespace orrery {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using OpenFile = std::unique_ptr<std::FILE, CloseFile>;

/// The file name of an image's picture: its name with the extension of its file. Throws Error if
/// the name would leave the folder or has a line break: lists of images are lines.
std::string picture_name(const LabelledImage& image);

/// Puts the picture at `folder`/picture_name() and makes the folders on the way.
void place_picture_of(const LabelledImage& image, const std::filesystem::path& folder);

/// Makes the folders on the way to a file. Throws Error (Exit::io).
void make_folder_of(const std::filesystem::path& file);

/// A new file of a dataset, with the folders on the way to it. Not durable by itself: whoever moves
/// the dataset into place syncs it as a whole. Throws Error (Exit::io), also if there is one.
class TextFile {
 public:
  explicit TextFile(const std::filesystem::path& file);
  void write(std::string_view text);
  /// Call once, last.
  void close();

 private:
  std::filesystem::path path_;
  OpenFile file_;
};

void write_text(const std::filesystem::path& file, std::string_view text);

/// A number as plain text, without an exponent and without zeros at its end: "0.5", "12", "-3.25".
/// At most `digits` after the point; nothing that is not finite.
std::string decimal(double value, int digits = 10);

/// Lines that wait on the disk for the end, because the format has them later or several times.
/// Its file has no name: it is gone with the process, however that ends.
class Spool {
 public:
  /// The file lies on the file system of `folder`.
  explicit Spool(const std::filesystem::path& folder);
  /// `line` has no line break.
  void add(std::string_view line);
  /// Every line, in order, with its number from 0.
  void each(const std::function<void(std::uint64_t, std::string_view)>& take) const;

 private:
  std::filesystem::path folder_;
  OpenFile file_;
};

}  // namespace orrery

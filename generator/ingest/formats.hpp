#pragma once

#include <filesystem>
#include <memory>

#include "generator/source.hpp"

namespace orrery {

// One pair for each format: whether a folder or file looks like it (a quick look, no proof), and
// its reader. Each format's conventions stand at the top of its file.
bool looks_like_coco(const std::filesystem::path& path);
bool looks_like_yolo(const std::filesystem::path& path);
bool looks_like_voc(const std::filesystem::path& path);
bool looks_like_kitti(const std::filesystem::path& path);
bool looks_like_cvat(const std::filesystem::path& path);
bool looks_like_datumaro(const std::filesystem::path& path);
bool looks_like_label_studio(const std::filesystem::path& path);
bool looks_like_labelme(const std::filesystem::path& path);
bool looks_like_prodigy(const std::filesystem::path& path);
bool looks_like_open_images(const std::filesystem::path& path);

std::unique_ptr<Source> open_coco(const std::filesystem::path& path);
std::unique_ptr<Source> open_yolo(const std::filesystem::path& path);
std::unique_ptr<Source> open_voc(const std::filesystem::path& path);
std::unique_ptr<Source> open_kitti(const std::filesystem::path& path);
std::unique_ptr<Source> open_cvat(const std::filesystem::path& path);
std::unique_ptr<Source> open_datumaro(const std::filesystem::path& path);
std::unique_ptr<Source> open_label_studio(const std::filesystem::path& path);
std::unique_ptr<Source> open_labelme(const std::filesystem::path& path);
std::unique_ptr<Source> open_prodigy(const std::filesystem::path& path);
std::unique_ptr<Source> open_open_images(const std::filesystem::path& path);
std::unique_ptr<Source> open_images(const std::filesystem::path& path);

}  // namespace orrery

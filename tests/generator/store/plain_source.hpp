#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "generator/source.hpp"
#include "generator/store/intake.hpp"
#include "scenes/image.hpp"

namespace orrery::testing {

/// Every .jpg and .png of a folder and below, by path, with the boxes of the .txt file beside it
/// ("class x0 y0 x1 y1" a line). Classes are "a", "b" and "c".
std::unique_ptr<Source> open_plain(const std::filesystem::path& folder);

/// A picture of smooth random hills: `seed` says which.
Image<Rgba8> hills(std::uint64_t seed, int width = 96, int height = 64);
void write_jpeg(const std::filesystem::path& file, const Image<Rgba8>& pixels, int quality = 90);
void write_text(const std::filesystem::path& file, const std::string& text);

/// Takes all of a plain folder into a store.
IngestSummary ingest_plain(const std::filesystem::path& folder, const std::filesystem::path& store);

/// All pictures of a store.
std::vector<LabelledImage> all_of(const std::filesystem::path& store);
/// Everything a store says but when: its pictures with labels and lineage, as text.
std::string content_of(const std::filesystem::path& store);

/// Whether the script ran well; true, with a message, if there is no such Python.
bool python(const std::string& script, const std::string& arguments);

}  // namespace orrery::testing

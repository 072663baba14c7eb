// What TFRecord's readers ask for: whole records whose checksums (masked CRC-32C of length and
// content) are right, each a tf.train.Example, and a label map of the classes. Broken, beside the
// rules of shards: record_truncated, record_length_crc, record_crc, record_keys, label_map.

#include <array>
#include <fstream>

#include "generator/sinks/crc32c.hpp"
#include "generator/verify/consumer.hpp"
#include "generator/verify/shard_rules.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

std::uint64_t number_from(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

/// Source: tensorflow/core/lib/hash/crc32c.h, Mask().
std::uint32_t masked(std::uint32_t crc) { return ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U; }

std::optional<std::uint64_t> records_of(const fs::path& file, Findings& findings) {
  std::ifstream in(file, std::ios::binary);
  const std::uint64_t size = fs::file_size(file);
  std::uint64_t at = 0;
  std::uint64_t count = 0;
  std::string head(12, '\0');
  std::string content;
  while (at < size) {
    const std::string where = file.string() + ": record " + std::to_string(count);
    in.read(head.data(), 12);
    const std::uint64_t length = in ? number_from(head.substr(0, 8)) : 0;
    if (in && number_from(head.substr(8)) != masked(crc32c(head.substr(0, 8)))) {
      findings.add("record_length_crc", where, "another checksum of its length",
                   "the masked CRC-32C");
      return std::nullopt;  // where the next one starts is not known
    }
    if (!in || size - at < 16 || length > size - at - 16) {
      findings.add("record_truncated", where, std::to_string(size - at) + " bytes",
                   "a whole record");
      return std::nullopt;
    }
    content.resize(length + 4);
    in.read(content.data(), static_cast<std::streamsize>(content.size()));
    const std::string_view payload(content.data(), length);
    if (!in || number_from(content.substr(length)) != masked(crc32c(payload))) {
      findings.add("record_crc", where, "another checksum of its content", "the masked CRC-32C");
    }
    for (const char* key :
         {"image/encoded", "image/object/bbox/xmin", "image/object/class/label"}) {
      if (payload.find(key) != std::string_view::npos) continue;
      findings.add("record_keys", where, std::string("no ") + key,
                   "a tf.train.Example of an image");
    }
    findings.looked_at("images");
    at += 16 + length;
    ++count;
  }
  return count;
}

}  // namespace

void check_tfrecord(const FormatFolder& at, Findings& findings) {
  check_shards(
      at.folder, ".tfrecord", [&](const fs::path& file) { return records_of(file, findings); },
      findings);
  const fs::path map = at.folder / "label_map.pbtxt";
  std::uint64_t id = 0;
  std::size_t names = 0;
  for (const std::string& line : lines_of(map, findings)) {
    if (line.starts_with("  id: ") && line != "  id: " + std::to_string(++id)) {
      findings.add("label_map", map.string(), line, "id " + std::to_string(id) + ", from 1");
    }
    if (!line.starts_with("  name: ")) continue;
    const Json name = Json::parse(line.substr(8), nullptr, false);
    const bool known = names < at.facts.classes.size();
    if (!at.facts.classes.empty() && (!known || name != Json(at.facts.classes[names]))) {
      findings.add("label_map", map.string(), line,
                   known ? "\"" + at.facts.classes[names] + "\"" : "no more classes");
    }
    ++names;
  }
  if (at.facts.classes.empty() || names == at.facts.classes.size()) return;
  findings.add("label_map", map.string(), std::to_string(names) + " names",
               std::to_string(at.facts.classes.size()) + ", one a class");
}

}  // namespace orrery

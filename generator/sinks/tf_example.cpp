#include "generator/sinks/tf_example.hpp"

#include <bit>

#include "generator/sinks/crc32c.hpp"

namespace orrery {
namespace {

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out += static_cast<char>(value | 0x80U);
  out += static_cast<char>(value);
}

/// A field of a length and that many bytes.
void put_field(std::string& out, std::uint32_t field, std::string_view content) {
  constexpr std::uint32_t kLengthDelimited = 2;
  put_varint(out, field << 3U | kLengthDelimited);
  put_varint(out, content.size());
  out += content;
}

void put_little(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

std::string feature_of(std::uint32_t kind, std::string_view list) {
  std::string feature;
  put_field(feature, kind, list);
  return feature;
}

std::uint32_t masked(std::uint32_t crc) { return (crc >> 15U | crc << 17U) + 0xA282EAD8U; }

}  // namespace

void TfExample::bytes(const std::string& key, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) put_field(list, 1, value);
  features_[key] = feature_of(1, list);
}

void TfExample::floats(const std::string& key, const std::vector<float>& values) {
  std::string packed;
  for (const float value : values) put_little(packed, std::bit_cast<std::uint32_t>(value), 4);
  std::string list;
  if (!packed.empty()) put_field(list, 1, packed);
  features_[key] = feature_of(2, list);
}

void TfExample::integers(const std::string& key, const std::vector<std::int64_t>& values) {
  std::string packed;
  for (const std::int64_t value : values) put_varint(packed, static_cast<std::uint64_t>(value));
  std::string list;
  if (!packed.empty()) put_field(list, 1, packed);
  features_[key] = feature_of(3, list);
}

std::string TfExample::encoded() const {
  std::string map;
  for (const auto& [key, feature] : features_) {
    std::string entry;
    put_field(entry, 1, key);
    put_field(entry, 2, feature);
    put_field(map, 1, entry);
  }
  std::string example;
  put_field(example, 1, map);
  return example;
}

std::string tf_record(std::string_view content) {
  std::string record;
  record.reserve(content.size() + 16);
  put_little(record, content.size(), 8);
  put_little(record, masked(crc32c(record)), 4);
  record += content;
  put_little(record, masked(crc32c(content)), 4);
  return record;
}

}  // namespace orrery

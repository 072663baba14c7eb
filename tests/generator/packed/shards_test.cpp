#include "generator/sinks/shards.hpp"

#include <doctest/doctest.h>

#include "generator/sinks/crc32c.hpp"
#include "generator/sinks/tar.hpp"
#include "generator/sinks/tf_example.hpp"
#include "scenes/error.hpp"
#include "scenes/random.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/packed/random_images.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

/// CRC-32C by its definition: a bit at a time.
std::uint32_t slow_crc(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0x82F63B78U : 0U);
  }
  return crc ^ 0xFFFFFFFF;
}

/// The numbers of images in the shards that images of these sizes come to lie in.
std::vector<std::size_t> shared_out(const std::vector<std::size_t>& sizes, SinkOptions options) {
  const TemporaryFolder folder;
  Shards shards(folder.path, ".bin", "END.", options);
  std::vector<std::size_t> counts;
  for (const std::size_t size : sizes) {
    const std::size_t shard = shards.add(std::string(size, 'x'));
    if (shard == counts.size()) counts.push_back(0);
    REQUIRE(shard + 1 == counts.size());
    ++counts.back();
  }
  shards.finish(Json::object());
  const auto files = files_of(folder.path);
  CHECK(files.size() == counts.size() + 1);
  const Json index = Json::parse(files.at("index.json"));
  REQUIRE(index.at("shardlist").size() == counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Json& entry = index.at("shardlist").at(i);
    const std::string& bytes = files.at(entry.at("url").get<std::string>());
    CHECK(entry.at("nsamples") == counts[i]);
    CHECK(entry.at("filesize") == bytes.size());
    CHECK(entry.at("sha256") == sha256_hex(std::as_bytes(std::span(bytes))));
    CHECK(bytes.ends_with("xEND."));
  }
  return counts;
}

}  // namespace

TEST_SUITE("shards") {
  TEST_CASE("a shard is filled to the very byte of its limit and not beyond") {
    using Counts = std::vector<std::size_t>;
    const std::vector<std::size_t> seven(7, 1000);
    CHECK(shared_out(seven, {.shard_bytes = 3004}) == Counts{3, 3, 1});
    CHECK(shared_out(seven, {.shard_bytes = 3003}) == Counts{2, 2, 2, 1});
    CHECK(shared_out(seven, {.shard_bytes = 7004}) == Counts{7});
    CHECK(shared_out(seven, {.shard_images = 7}) == Counts{7});
    CHECK(shared_out(seven, {.shard_images = 3}) == Counts{3, 3, 1});
    CHECK(shared_out(seven, {.shard_images = 1}) == Counts(7, 1));
  }

  TEST_CASE("an image that is larger than a shard may be has one of its own") {
    CHECK(shared_out({10, 5000, 10, 10}, {.shard_bytes = 100}) ==
          std::vector<std::size_t>{1, 1, 2});
    CHECK_THROWS_AS(shared_out({1}, {.shard_bytes = 0}), Error);
    CHECK_THROWS_AS(shared_out({1}, {.shard_images = 0}), Error);
  }

  TEST_CASE("CRC-32C of the texts of RFC 3720 and of the check string are what they must be") {
    CHECK(crc32c("") == 0);
    CHECK(crc32c("123456789") == 0xE3069283);
    CHECK(crc32c(std::string(32, '\0')) == 0x8A9136AA);
    CHECK(crc32c(std::string(32, '\xFF')) == 0x62A8AB43);
    std::string rising;
    for (int i = 0; i < 32; ++i) rising += static_cast<char>(i);
    CHECK(crc32c(rising) == 0x46DD794E);
  }

  TEST_CASE("CRC-32C four bytes at a time is CRC-32C a bit at a time, at any length") {
    Rng rng(3, 0, "crc");
    std::string bytes;
    for (int length = 0; length < 200; ++length) {
      CHECK(crc32c(bytes) == slow_crc(bytes));
      bytes += static_cast<char>(rng.below(256));
    }
  }

  TEST_CASE("a record of nothing is the length 0 and two checksums") {
    // The masked checksum of eight zeros is what TensorFlow writes before an empty record.
    const std::string record = tf_record("");
    REQUIRE(record.size() == 16);
    CHECK(record.substr(0, 8) == std::string(8, '\0'));
    const std::uint32_t crc = slow_crc(std::string(8, '\0'));
    const std::uint32_t masked = (crc >> 15U | crc << 17U) + 0xA282EAD8U;
    for (unsigned i = 0; i < 4; ++i) {
      CHECK(static_cast<unsigned char>(record[8 + i]) == (masked >> (8 * i) & 0xFFU));
    }
  }

  TEST_CASE("a tar name that does not fit the header is refused") {
    std::string archive;
    CHECK_THROWS_AS(add_tar_member(archive, "", "x"), Error);
    CHECK_THROWS_AS(add_tar_member(archive, std::string(101, 'n'), "x"), Error);
    add_tar_member(archive, std::string(100, 'n'), std::string(512, 'x'));
    CHECK(archive.size() == 1024);
    add_tar_member(archive, "n", std::string(513, 'x'));
    CHECK(archive.size() == 1024 + 512 + 1024);
  }
}

#include "generator/store/near_duplicates.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>

#include "generator/encode.hpp"
#include "generator/upright_picture.hpp"
#include "scenes/random.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/store/plain_source.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;

namespace {

std::uint64_t random_hash(Rng& rng) {
  const std::uint64_t high = rng.bits();
  return high << 32U | rng.bits();
}

PerceptualHashes only(std::uint64_t hash) {
  PerceptualHashes hashes;
  hashes.fill(hash);
  return hashes;
}

}  // namespace

TEST_SUITE("near_duplicates") {
  TEST_CASE("the index finds what looking at every hash finds") {
    Rng rng(1, 0, "hashes");
    std::vector<std::uint64_t> all;
    HashIndex index;
    for (int i = 0; i < 3000; ++i) {
      // Half of them near an earlier one.
      std::uint64_t hash = random_hash(rng);
      if (i > 0 && i % 2 == 1) {
        hash = all[rng.below(static_cast<std::uint32_t>(i))];
        for (std::uint32_t k = rng.below(14); k > 0; --k) hash ^= 1ULL << rng.below(64);
      }
      all.push_back(hash);
      index.add(hash);
    }
    std::size_t matches = 0;
    for (int q = 0; q < 200; ++q) {
      PerceptualHashes query{};
      for (auto& hash : query) hash = all[rng.below(3000)] ^ (1ULL << rng.below(64));
      for (const int radius : {0, 4, 10, 11}) {
        std::map<std::size_t, int> wanted;
        for (std::size_t i = 0; i < all.size(); ++i) {
          const int distance = hash_distance(all[i], query);
          if (distance <= radius) wanted[i] = distance;
        }
        const auto found = index.within(query, radius);
        REQUIRE(found.size() == wanted.size());
        for (const auto& near : found) CHECK(wanted.at(near.entry) == near.distance);
        matches += found.size();
      }
    }
    CHECK(matches > 2000);
  }

  TEST_CASE("a hundred thousand random hashes find their places in seconds") {
    Rng rng(2, 0, "hashes");
    NearDuplicates duplicates;
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t i = 1; i <= 100'000; ++i) {
      PerceptualHashes hashes{};
      for (auto& hash : hashes) hash = random_hash(rng);
      duplicates.place(i, hashes);
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    MESSAGE("100000 places in " << seconds.count() << " s");
    CHECK(seconds.count() < 300);
  }

  TEST_CASE("a chain grows no group beyond what is near its first member, and is told") {
    NearDuplicates duplicates;
    std::map<std::int64_t, std::int64_t> first_of;
    std::vector<NearPair> pairs;
    std::uint64_t hash = 0;
    for (std::int64_t i = 1; i <= 20; ++i) {  // each 2 bits from the one before
      const auto place = duplicates.place(i, only(hash));
      first_of[i] = place.first;
      pairs.insert(pairs.end(), place.pairs.begin(), place.pairs.end());
      hash = hash << 2U | 3U;
    }
    CHECK(first_of[1] == 1);
    CHECK(first_of[3] == 1);
    CHECK(first_of[4] == 4);
    const Chain chain = largest_chain(first_of, pairs);
    CHECK(chain.images == 20);
    CHECK(chain.first == 1);
    CHECK(is_suspicious(chain.images, 99));
    CHECK_FALSE(is_suspicious(chain.images, 100));
    CHECK_FALSE(is_suspicious(8, 8));
  }

  TEST_CASE("flipped, turned, smaller and recompressed copies are near, other pictures are not") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const Image<Rgba8> picture = hills(seed, 160, 128);
      const auto hash = (*perceptual_hashes(picture))[0];
      for (int turn = 1; turn <= 8; ++turn) {
        const Image<Rgba8> copy = through_jpeg(turned_upright(picture, turn), 40);
        CHECK(hash_distance(hash, *perceptual_hashes(copy)) <= kSameDistance);
      }
      CHECK(hash_distance(hash, *perceptual_hashes(hills(seed + 100, 160, 128))) > kLikeDistance);
    }
  }

  TEST_CASE("a plain picture has no hash") {
    CHECK_FALSE(perceptual_hashes(Image<Rgba8>(50, 40, Rgba8(9, 200, 30, 255))).has_value());
  }

  TEST_CASE("hashes agree with numpy's and OpenCV's") {
    const TemporaryFolder scratch;
    std::ofstream list(scratch.path / "hashes.txt");
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      const Image<Rgba8> picture =
          hills(seed, 20 + static_cast<int>(seed) * 13, 97 - static_cast<int>(seed));
      const fs::path file = scratch.path / (std::to_string(seed) + ".png");
      std::ofstream(file, std::ios::binary)
          .write(reinterpret_cast<const char*>(png_from(picture, Alpha::drop).data()),
                 static_cast<std::streamsize>(png_from(picture, Alpha::drop).size()));
      list << file.string();
      const PerceptualHashes hashes = *perceptual_hashes(picture);
      for (const std::uint64_t hash : hashes) list << ' ' << hash;
      list << '\n';
    }
    list.close();
    CHECK(python("check_hashes.py", (scratch.path / "hashes.txt").string()));
  }
}

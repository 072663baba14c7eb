#include "generator/chunk_choice.hpp"

#include <doctest/doctest.h>

#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::error_of;
using orrery::testing::holds;

TEST_SUITE("chunk choice") {
  TEST_CASE("the shards of any n hold every chunk once") {
    for (const std::uint64_t n : {1U, 2U, 7U, 500U}) {
      for (std::uint64_t chunk = 0; chunk < 1200; ++chunk) {
        std::uint64_t holders = 0;
        for (std::uint64_t i = 0; i < n; ++i) {
          ChunkChoice choice;
          choose_shard(choice, std::to_string(i) + "/" + std::to_string(n));
          holders += choice.holds(chunk) ? 1U : 0U;
        }
        REQUIRE(holders == 1);
      }
    }
  }

  TEST_CASE("ranges hold what they say, and chunks are told as ranges that say the same") {
    ChunkChoice choice;
    CHECK(choice.all());
    choose_chunks(choice, "3,7,9-12,40");
    CHECK(!choice.all());
    std::vector<std::uint64_t> held;
    for (std::uint64_t chunk = 0; chunk < 100; ++chunk) {
      if (choice.holds(chunk)) held.push_back(chunk);
    }
    CHECK(held == std::vector<std::uint64_t>{3, 7, 9, 10, 11, 12, 40});
    CHECK(text_of_chunks(held) == "3,7,9-12,40");
    CHECK(text_of_chunks({}).empty());
    choose_shard(choice, "1/2");  // both
    CHECK(choice.holds(11));
    CHECK(!choice.holds(12));
    CHECK(!choice.holds(13));
  }

  TEST_CASE("what is no share is refused with what is wanted") {
    ChunkChoice choice;
    for (const char* text :
         {"", "4", "4/4", "-1/4", "1/0", "a/b", "0/4x", "1/ 4", "0/99999999999999999999"}) {
      CAPTURE(text);
      CHECK(holds(error_of([&] { choose_shard(choice, text); }), "wanted i/n"));
    }
    for (const char* text : {"", "3,", ",3", "9-3", "-3", "3-", "3;4", "1-2-3"}) {
      CAPTURE(text);
      CHECK(holds(error_of([&] { choose_chunks(choice, text); }), "such as 3,7,9-12"));
    }
    CHECK(choice.all());
  }
}

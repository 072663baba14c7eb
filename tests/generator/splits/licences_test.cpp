#include "generator/splits/licences.hpp"

#include <doctest/doctest.h>

#include "scenes/error.hpp"
#include "tests/generator/splits/random_items.hpp"
#include "tests/support/error_text.hpp"

using namespace orrery;
using orrery::testing::holds;
using orrery::testing::item_of;

namespace {

std::string refusal(const std::vector<SplitItem>& items, const LicencePolicy& policy) {
  return testing::error_of([&] { require_licences(items, policy); });
}

}  // namespace

TEST_SUITE("licences") {
  TEST_CASE("one non-commercial texture blocks a commercial split, and is named with its image") {
    std::vector<SplitItem> items;
    for (int i = 0; i < 50; ++i) {
      items.push_back(item_of("image" + std::to_string(i), {{"model", "cup", "", "CC0-1.0"},
                                                            {"picture", "wood", "", "CC-BY-4.0"},
                                                            {"session", "kitchen"}}));
    }
    const LicencePolicy commercial{{}, {"NC", "ND", "unknown"}};
    CHECK(refusal(items, commercial).empty());
    items[37].lineage.push_back({"picture", "marble.jpg", "", "CC-BY-NC-4.0"});
    const std::string text = refusal(items, commercial);
    CHECK(holds(text, "picture \"marble.jpg\""));
    CHECK(holds(text, "image \"image37\""));
    CHECK(holds(text, "CC-BY-NC-4.0"));
    items[37].lineage.back().licence = "CC-BY-4.0";
    CHECK(refusal(items, commercial).empty());
    items[20].lineage.push_back({"sky", "noon", "", ""});
    CHECK(holds(refusal(items, commercial), "sky \"noon\" in image \"image20\" has an unknown"));
  }

  TEST_CASE("names, families and expressions are allowed as the policy says") {
    const LicencePolicy deny{{}, {"NC", "ND", "unknown"}};
    for (const std::string good :
         {"CC0-1.0", "MIT", "CC-BY-4.0", "CC-BY-SA-4.0", "Apache-2.0 AND MIT",
          "CC-BY-NC-4.0 OR MIT", "Sony SCEA Shared Source 1.0", "BSD-3-Clause",
          "(MIT OR CC-BY-NC-4.0) AND (CC0-1.0)", "Android-1.0", "NCSA"}) {
      INFO(good);
      CHECK(allowed(good, deny));
    }
    for (const std::string bad :
         {"CC-BY-NC-4.0", "cc-by-nc-sa-4.0", "CC-BY-ND-4.0", "CC BY-NC 4.0", "", "NOASSERTION",
          "unknown", "MIT AND CC-BY-NC-4.0", "CC-BY-NC-4.0 OR CC-BY-ND-4.0",
          "PolyForm-Noncommercial-1.0.0", "free for non-commercial use",
          "(MIT AND CC-BY-NC-2.0) OR (CC0-1.0 AND CC-BY-ND-3.0)", "MIT or (", "(", "MIT AND "}) {
      INFO(bad);
      const bool odd = bad == "MIT or (" || bad == "(" || bad == "MIT AND ";
      CHECK(allowed(bad, deny) == odd);  // what cannot be read is a name like any other
    }
    const LicencePolicy allow{{"CC0-1.0", "MIT"}, {}};
    CHECK(allowed("cc0-1.0", allow));
    CHECK(allowed("MIT AND CC0-1.0", allow));
    CHECK(allowed("GPL-3.0-only OR MIT", allow));
    CHECK(!allowed("GPL-3.0-only", allow));
    CHECK(!allowed("", allow));
    CHECK(allowed("", {{"unknown", "MIT"}, {}}));
    CHECK(allowed("", {}));
    CHECK(!allowed("MIT", {{"MIT"}, {"MIT"}}));  // what is denied is not allowed
  }

  TEST_CASE("the bill counts each image once a licence, and sessions have none") {
    const std::vector<SplitItem> items{
        item_of("a", {{"model", "cup", "", "MIT"}, {"model", "pot", "", "MIT"}, {"session", "s"}}),
        item_of("b", {{"model", "cup", "", "MIT"}, {"sky", "noon", "", "CC0-1.0"}}),
        item_of("c", {{"photo", "p"}})};
    const auto bill = licence_bill(items);
    REQUIRE(bill.size() == 3);
    CHECK(bill.at("MIT").images == 2);
    CHECK(bill.at("MIT").assets == std::set<LineageKey>{{"model", "cup"}, {"model", "pot"}});
    CHECK(bill.at("CC0-1.0").images == 1);
    CHECK(bill.at("").assets == std::set<LineageKey>{{"photo", "p"}});
    Partition partition;
    partition.part_of = {{"a", 0}, {"b", 1}};
    const auto by_part = licence_bill(items, partition, 2);
    CHECK(by_part[0].at("MIT").images == 1);
    CHECK(by_part[0].size() == 1);
    CHECK(by_part[1].at("CC0-1.0").images == 1);
    CHECK(!by_part[1].contains(""));
  }
}

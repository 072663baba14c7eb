#include "generator/dataset_provenance.hpp"

#include "generator/chunk_choice.hpp"

namespace orrery {

void DatasetProvenance::add_chunk(std::uint64_t chunk, const Json& origin, const Json& assets) {
  const auto text = [&origin](const char* key) { return origin.value(key, std::string()); };
  Work& work = makers_[{text("host"), text("device"), text("driver"), text("uuid")}];
  work.chunks.push_back(chunk);
  work.images += origin.value("last", std::uint64_t{0}) - origin.value("first", std::uint64_t{0});
  work.seconds += origin.value("seconds", 0.0);
  for (const Json& asset : assets) assets_.insert(asset);
}

void DatasetProvenance::add_sample(std::uint64_t index, std::uint32_t substitute) {
  if (substitute > 0) substitutes_.emplace_back(index, substitute);
}

Json DatasetProvenance::json(const DatasetPlan& plan, const std::string& dataset_hash) const {
  Json makers = Json::array();
  for (const auto& [maker, work] : makers_) {
    makers.push_back({{"host", maker[0]},
                      {"device", maker[1]},
                      {"driver", maker[2]},
                      {"uuid", maker[3]},
                      {"chunks", text_of_chunks(work.chunks)},
                      {"images", work.images},
                      {"seconds", work.seconds}});
  }
  Json assets = Json::array();
  for (Json asset : assets_) {
    if (!asset.contains("licence")) asset["licence"] = nullptr;
    assets.push_back(std::move(asset));
  }
  Json substitutes = Json::array();
  for (const auto& [sample, draw] : substitutes_) {
    substitutes.push_back({{"sample", sample}, {"draw", draw}});
  }
  return {{"tool", tool_name()}, {"recipe_hash", plan.recipe_hash}, {"seed", plan.seed},
          {"count", plan.count}, {"dataset_hash", dataset_hash},    {"makers", makers},
          {"assets", assets},    {"substitutes", substitutes}};
}

}  // namespace orrery

#include "generator/refine/refiner.hpp"

#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace {

class IdentityRefiner : public Refiner {
 public:
  Refined refine(const LabelledPixels& picture, std::uint64_t, std::uint64_t) const override {
    return {picture.color, {}, true};
  }
  std::vector<Ingredient> lineage() const override { return {}; }
};

}  // namespace

const std::vector<std::string>& refiner_names() {
  static const std::vector<std::string> names{"identity"};
  return names;
}

std::unique_ptr<Refiner> open_refiner(const std::string& name) {
  if (name == "identity") return std::make_unique<IdentityRefiner>();
  throw Error("refine: is \"" + name + "\", wanted one such as \"" +
              nearest_name(name, refiner_names()) + "\"");
}

}  // namespace orrery

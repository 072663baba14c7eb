#include "scenes/quantity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <glm/gtc/constants.hpp>

namespace orrery {
namespace {

struct UnitName {
  const char* name;
  FieldInfo::Unit unit;
  double factor;  // to the unit that specs are in
};
constexpr std::array kUnits{UnitName{"m", FieldInfo::Unit::metres, 1},
                            UnitName{"cm", FieldInfo::Unit::metres, 0.01},
                            UnitName{"mm", FieldInfo::Unit::metres, 0.001},
                            UnitName{"in", FieldInfo::Unit::metres, 0.0254},
                            UnitName{"deg", FieldInfo::Unit::degrees, 1},
                            UnitName{"rad", FieldInfo::Unit::degrees, 180 / glm::pi<double>()},
                            UnitName{"K", FieldInfo::Unit::kelvin, 1}};

}  // namespace

std::optional<double> quantity_from(const std::string& text, FieldInfo::Unit unit) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !std::isfinite(value)) return std::nullopt;
  std::string name = end;
  name.erase(0, std::min(name.find_first_not_of(' '), name.size()));
  if (name.empty()) return value;
  const auto known = std::find_if(kUnits.begin(), kUnits.end(), [&](const UnitName& u) {
    return name == u.name && u.unit == unit;
  });
  if (known == kUnits.end()) return std::nullopt;
  return value * known->factor;
}

std::string units_for(FieldInfo::Unit unit) {
  std::string names;
  for (const UnitName& u : kUnits) {
    if (u.unit == unit) names += (names.empty() ? "" : ", ") + std::string(u.name);
  }
  return names;
}

}  // namespace orrery

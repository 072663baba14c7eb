#include "scenes/made_model_cache.hpp"

#include <system_error>

#include "scenes/error.hpp"
#include "scenes/made_model.hpp"
#include "scenes/model_pack.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

std::filesystem::path kept_at(const std::string& name, const std::filesystem::path& cache) {
  Sha256 key;
  key.add("made " + std::to_string(kMadeVersion) + " " + std::to_string(kPackVersion) + " " + name);
  return cache / (key.hex() + ".pack");
}

}  // namespace

Model cached_made_model(const std::string& name, const std::filesystem::path& cache) {
  if (name.find('@') != std::string::npos) return made_model(name);
  const std::filesystem::path file = kept_at(name, cache);
  std::error_code error;
  if (std::filesystem::exists(file, error)) {
    try {
      return read_pack(file);
    } catch (const Error&) {  // a damaged pack is none
    }
  }
  Model model = made_model(name);
  if (model.texels.empty()) return model;
  try {
    std::filesystem::create_directories(cache, error);
    write_pack(model, file);
  } catch (const Error&) {  // what cannot be kept is no harm
  }
  return model;
}

}  // namespace orrery

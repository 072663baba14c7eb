#include "generator/chunk_files.hpp"

#include <fstream>
#include <system_error>
#include <utility>

#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {

namespace fs = std::filesystem;

void create_folder(const fs::path& folder) {
  std::error_code why;
  fs::create_directories(folder, why);
  if (why) throw Error(folder.string() + ": cannot be created: " + why.message(), Exit::io);
}

Json read_json(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(file.string() + ": cannot be opened, wanted a JSON file", Exit::io);
  Json json = Json::parse(in, nullptr, false);
  if (!json.is_object()) {
    throw Error(file.string() + ": is no JSON object, wanted what orrery wrote there", Exit::io);
  }
  return json;
}

void remove_own_staging(const fs::path& chunks) noexcept {
  std::error_code none;
  for (fs::directory_iterator entry(chunks, none), end; !none && entry != end;
       entry.increment(none)) {
    std::error_code ignored;  // a lane may be writing there; whoever comes next removes the rest
    if (is_of_this_process(entry->path().filename().string())) {
      fs::remove_all(entry->path(), ignored);
    }
  }
}

Staging::Staging(fs::path path) : folder(std::move(path)) {
  std::error_code why;
  // Not its parents: if they are gone, somebody else has finished the dataset.
  fs::create_directory(folder, why);
  if (why) throw Error(folder.string() + ": cannot be created: " + why.message(), Exit::io);
}

Staging::~Staging() {
  std::error_code ignored;  // what stays is removed by whoever opens the dataset next
  fs::remove_all(folder, ignored);
}

}  // namespace orrery

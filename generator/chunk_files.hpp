#pragma once

#include <filesystem>

#include "scenes/json.hpp"

namespace orrery {

/// Throws Error (Exit::io) unless the folder and its parents are there afterwards.
void create_folder(const std::filesystem::path& folder);

/// An object that orrery wrote. Throws Error (Exit::io).
Json read_json(const std::filesystem::path& file);

/// Removes what this process writes aside among the chunks, before it must end.
void remove_own_staging(const std::filesystem::path& chunks) noexcept;

/// A folder of our own among the chunks, gone when we are done with it.
struct Staging {
  std::filesystem::path folder;
  /// Throws Error (Exit::io): so, too, if the folder that it is to lie in is gone.
  explicit Staging(std::filesystem::path path);
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
};

}  // namespace orrery

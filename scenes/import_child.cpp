#include "scenes/import_child.hpp"

#include <sys/resource.h>

#include <cmath>
#include <cstdio>
#include <exception>
#include <new>

#include "scenes/cook.hpp"
#include "scenes/error.hpp"
#include "scenes/model_pack.hpp"
#include "scenes/sha256.hpp"
#include "scenes/surface_distance.hpp"

namespace orrery {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // shadow memory needs terabytes of address space
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

void limit(int resource, rlim_t value, rlim_t grace = 0) {
  const rlimit both{value, value + grace};
  if (setrlimit(static_cast<__rlimit_resource>(resource), &both) != 0) {
    throw Error("cannot limit the importer, wanted a working setrlimit", Exit::io);
  }
}

std::vector<SourceFile> sources_of(const std::vector<std::filesystem::path>& files) {
  std::vector<SourceFile> sources;
  for (const std::filesystem::path& file : files) {
    SourceFile source;
    source.path = std::filesystem::absolute(file).lexically_normal().string();
    std::error_code error;
    if (std::filesystem::is_regular_file(file, error)) {
      source.size = std::filesystem::file_size(file);
      source.sha256 = sha256_of_file(file);
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

/// Of all contents and the settings, wherever the files lie.
std::string content_hash(const std::vector<SourceFile>& sources, const ImportSettings& settings) {
  Sha256 sha;
  for (const SourceFile& source : sources) {
    sha.add(std::filesystem::path(source.path).filename().string() + ' ' + source.sha256 + '\n');
  }
  for (const std::string& argument : child_settings(settings)) sha.add(argument + '\n');
  return sha.hex();
}

/// A point off the surface is easily a mistake of units or axes.
void warn_of_stray_keypoints(Model& model) {
  if (model.keypoints.points.empty()) return;
  std::vector<glm::dvec3> corners;
  for (const IndexRange& part : model.lods.front().parts) {
    for (std::uint32_t i = part.first; i < part.first + part.count; ++i) {
      corners.emplace_back(model.vertices[model.indices[i]].position);
    }
  }
  const SurfaceDistance distance(std::move(corners));
  const double diagonal = glm::length(glm::dvec3(model.bounds.high - model.bounds.low));
  for (const Keypoint& point : model.keypoints.points) {
    const double off = distance(point.position);
    if (point.inside || off <= 0.002 * diagonal) continue;
    char text[64];
    std::snprintf(text, sizeof text, "%.3g", 1000 * off);
    model.report.warnings.push_back("keypoint " + point.name + " lies " + text +
                                    " mm off the surface, wanted it there, or \"inside\": true");
  }
}

void import_into_pack(const std::filesystem::path& file, const std::filesystem::path& pack,
                      const ImportSettings& settings) {
  ModelFile read = model_from_file(file, settings);
  cook(read.model);
  warn_of_stray_keypoints(read.model);
  const std::vector<SourceFile> sources = sources_of(read.files);
  read.model.sha256 = content_hash(sources, settings);
  write_pack(read.model, pack, sources);
}

int report(const std::string& text, Exit exit) {
  std::fprintf(stderr, "%c%s", kErrorMark, text.c_str());
  return static_cast<int>(exit);
}

}  // namespace

std::vector<std::string> child_settings(const ImportSettings& settings) {
  std::string unit = "-";
  if (settings.unit) {
    char text[64];
    std::snprintf(text, sizeof text, "%.17g", *settings.unit);
    unit = text;
  }
  const std::string up = !settings.up ? "-" : *settings.up == UpAxis::y ? "y" : "z";
  return {unit, up, settings.allow_missing ? "1" : "0", std::to_string(settings.max_texture)};
}

std::vector<std::string> child_arguments(const std::filesystem::path& file,
                                         const std::filesystem::path& pack,
                                         const ImportSettings& settings,
                                         const ImportLimits& limits) {
  std::vector<std::string> arguments = {"orrery",
                                        "--import-child",
                                        file.string(),
                                        pack.string(),
                                        std::to_string(limits.memory),
                                        std::to_string(std::lround(std::ceil(limits.seconds)))};
  for (std::string& setting : child_settings(settings)) arguments.push_back(std::move(setting));
  return arguments;
}

int import_child_main(int argc, char** argv) {
  if (argc != 10) return report("--import-child is for the program itself", Exit::usage);
  const std::filesystem::path file = argv[2];
  try {
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, std::stoul(argv[5]), 1);  // SIGXCPU, which has a name, comes first
    if (!kSanitized) limit(RLIMIT_AS, std::stoull(argv[4]));
    ImportSettings settings;
    const std::string unit = argv[6];
    const std::string up = argv[7];
    if (unit != "-") settings.unit = std::stod(unit);
    if (up != "-") settings.up = up == "y" ? UpAxis::y : UpAxis::z;
    settings.allow_missing = argv[8][0] == '1';
    settings.max_texture = std::stoi(argv[9]);
    import_into_pack(file, argv[3], settings);
    return static_cast<int>(Exit::complete);
  } catch (const Error& error) {
    return report(error.what(), error.exit());
  } catch (const std::bad_alloc&) {
    return report(
        file.string() + ": needs more than " + argv[4] + " bytes of memory, wanted a smaller model",
        Exit::data);
  } catch (const std::exception& error) {
    return report(file.string() + ": " + error.what() + ", wanted a readable model", Exit::data);
  }
}

}  // namespace orrery

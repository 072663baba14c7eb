#include "generator/option_values.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <set>

#include "generator/options.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"
#include "scenes/sky.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_text(const std::string& option, const std::string& found,
                              const std::string& wanted) {
  throw Error(option + ": is \"" + found + "\", wanted " + wanted, Exit::usage);
}

template <class T>
bool parsed(const std::string& text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_photo(const fs::path& file) {
  static const std::set<std::string> kinds{".jpg", ".jpeg", ".png", ".bmp", ".tga"};
  return kinds.count(lower(file.extension().string())) == 1;
}

/// Names that exporters give to every file.
bool says_nothing(const std::string& stem) {
  const std::string name = lower(stem);
  const auto starts = [&](const char* prefix) { return name.rfind(prefix, 0) == 0; };
  return starts("textured") || starts("model") || starts("mesh") || starts("scene");
}

}  // namespace

void refuse_value(const std::string& option, const std::string& found,
                  const std::vector<std::string>& wanted) {
  std::string list;
  for (const std::string& name : wanted) list += (list.empty() ? "" : ", ") + name;
  refuse_text(option, found, list + "; nearest: " + nearest_name(found, wanted));
}

double number_from(const std::string& option, const std::string& text) {
  double value = 0;
  if (!parsed(text, value)) refuse_text(option, text, "a number");
  return value;
}

std::uint64_t whole_from(const std::string& option, const std::string& text) {
  std::uint64_t value = 0;
  if (!parsed(text, value)) refuse_text(option, text, "a whole number");
  return value;
}

std::vector<double> numbers_from(const std::string& option, const std::vector<std::string>& texts) {
  std::vector<double> numbers;
  for (const std::string& text : texts) numbers.push_back(number_from(option, text));
  return numbers;
}

std::pair<int, int> size_from(const std::string& option, const std::string& text) {
  const std::size_t x = text.find('x');
  std::pair<int, int> size;
  if (x == std::string::npos || !parsed(text.substr(0, x), size.first) ||
      !parsed(text.substr(x + 1), size.second) || size.first < 1 || size.second < 1) {
    refuse_text(option, text, "WIDTHxHEIGHT such as 640x480");
  }
  return size;
}

void set_range(const std::string& option, const std::string& text, Range& range, double unit) {
  if (text.empty()) return;
  const std::size_t colon = text.find(':');
  double low = 0;
  double high = 0;
  const bool readable = colon == std::string::npos ? parsed(text, low) && parsed(text, high)
                                                   : parsed(text.substr(0, colon), low) &&
                                                         parsed(text.substr(colon + 1), high);
  if (!readable) refuse_text(option, text, "a number or LOW:HIGH");
  if (low > high) refuse_text(option, text, "LOW:HIGH, the lower number first");
  range = {low * unit, high * unit};
}

std::vector<FileEntry> skies_from(const std::vector<std::string>& texts) {
  const std::vector<std::string> known = procedural_sky_names();
  std::vector<FileEntry> skies;
  for (const std::string& text : texts) {
    if (std::find(known.begin(), known.end(), text) != known.end()) {
      skies.push_back({text, ""});
    } else if (lower(fs::path(text).extension().string()) == ".hdr") {
      skies.push_back({fs::absolute(text).lexically_normal().string(), ""});
    } else {
      refuse_value("--sky", text, known);
    }
  }
  return skies;
}

std::vector<fs::path> photo_files(const std::vector<std::string>& texts) {
  std::vector<fs::path> files;
  for (const std::string& text : texts) {
    const fs::path path = fs::absolute(text).lexically_normal();
    std::error_code error;
    if (!fs::is_directory(path, error)) {
      files.push_back(path);
      continue;
    }
    std::vector<fs::path> found;
    for (auto entry = fs::recursive_directory_iterator(path, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      if (entry->is_regular_file() && is_photo(entry->path())) found.push_back(entry->path());
    }
    if (error) throw Error(text + ": " + error.message() + ", wanted a folder of photos");
    if (found.empty()) refuse_text("--photos", text, "a folder with jpg, png, bmp or tga files");
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

std::vector<std::string> default_class_names(const std::vector<fs::path>& models) {
  std::map<std::string, int> uses;
  for (const fs::path& model : models) ++uses[model.stem().string()];
  std::vector<std::string> names;
  for (const fs::path& model : models) {
    const std::string stem = model.stem().string();
    const std::string folder = fs::absolute(model).lexically_normal().parent_path().filename();
    names.push_back((says_nothing(stem) || uses[stem] > 1) && !folder.empty() ? folder : stem);
  }
  return names;
}

std::vector<std::string> class_names(const std::vector<fs::path>& models,
                                     const std::vector<std::string>& given) {
  std::vector<std::string> names = default_class_names(models);
  std::size_t next = 0;
  for (const std::string& text : given) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string::npos) {
      if (next == models.size()) refuse_text("--class", text, "at most one name for each model");
      names[next++] = text;
      continue;
    }
    const fs::path file = text.substr(0, equals);
    bool found = false;
    for (std::size_t i = 0; i < models.size(); ++i) {
      if (models[i] != file && models[i].filename() != file) continue;
      names[i] = text.substr(equals + 1);
      found = true;
    }
    if (!found) refuse_text("--class", text, "FILE=NAME with one of the models' files");
  }
  if (next != 0 && next != models.size()) {
    refuse_text("--class", given.back(), "a name for every model, or FILE=NAME");
  }
  for (const std::string& name : names) {
    if (name.empty()) refuse_text("--class", name, "a name");
  }
  return names;
}

}  // namespace orrery

#include <algorithm>
#include <ostream>
#include <set>
#include <system_error>

#include "generator/sink.hpp"
#include "generator/sinks/convert.hpp"
#include "generator/sinks/dataset_files.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// A folder that takes its name when everything is in it, and is gone if that never happens.
class FolderAside {
 public:
  explicit FolderAside(fs::path target)
      : target_(std::move(target)), aside_(target_.string() + "." + unique_name()) {
    std::error_code reason;
    if (fs::exists(target_, reason) && !fs::is_empty(target_, reason)) {
      throw Error(target_.string() + ": is there already and not empty, wanted a new folder",
                  Exit::usage);
    }
    fs::create_directories(aside_, reason);
    if (reason) throw Error(aside_.string() + ": cannot be made: " + reason.message(), Exit::io);
  }
  ~FolderAside() {
    std::error_code ignored;  // it may be in place
    fs::remove_all(aside_, ignored);
  }
  FolderAside(const FolderAside&) = delete;
  FolderAside& operator=(const FolderAside&) = delete;

  const fs::path& path() const { return aside_; }
  void commit() {
    sync_file_system(aside_);
    move_into_place(aside_, target_);
    sync_folder(target_.parent_path());
  }

 private:
  fs::path target_;
  fs::path aside_;
};

struct Output {
  std::string format;
  std::unique_ptr<Sink> sink;
};

fs::path without_slash(const fs::path& path) {
  return path.has_filename() ? path : path.parent_path();
}

/// Where the formats go if nobody says: into the dataset.
fs::path beside(const fs::path& source) {
  return (fs::is_directory(source) ? source : source.parent_path()) / "formats";
}

/// Every format once, and known, before anything is read or made.
void require_formats(const std::vector<std::string>& formats) {
  std::set<std::string> seen;
  for (const std::string& format : formats) {
    require_sink_format(format);
    if (!seen.insert(format).second) {
      throw Error("--to " + format + ": is there twice", Exit::usage);
    }
  }
}

void print_problems(const std::vector<Problem>& problems, std::ostream& out) {
  struct Kind {
    std::uint64_t count = 0;
    const Problem* first = nullptr;
  };
  std::map<std::string, Kind> kinds;
  for (const Problem& problem : problems) {
    Kind& kind = kinds[problem.reason];
    if (kind.count++ == 0) kind.first = &problem;
  }
  if (kinds.empty()) return;
  out << "wrong in the source, and left out:\n";
  for (const auto& [reason, kind] : kinds) {
    out << "  " << kind.count << " × " << reason << ", such as " << kind.first->where << ": "
        << kind.first->text << '\n';
  }
}

}  // namespace

void convert(Source& source, const ConvertCommand& command, std::ostream& out) {
  require_formats(command.to);
  SinkOptions options;
  options.weights = command.weights == "drop" ? WeightRule::drop : WeightRule::refuse;
  options.min_weight = command.min_weight;
  const fs::path target = without_slash(
      fs::absolute(command.out.empty() ? beside(command.source) : command.out).lexically_normal());
  FolderAside folder(target);
  std::vector<Output> outputs;
  for (const std::string& format : command.to) {
    const fs::path place = folder.path() / format;
    make_folder_of(place / "picture");
    outputs.push_back({format, open_sink(format, place, source.info(), options)});
  }
  std::uint64_t images = 0;
  std::uint64_t labels = 0;
  while (const std::optional<LabelledImage> image = source.next()) {
    for (const Output& output : outputs) output.sink->add(*image);
    ++images;
    labels += image->labels.size();
  }
  for (const Output& output : outputs) output.sink->finish();
  folder.commit();
  out << images << " images with " << labels << " labels of " << source.info().classes.size()
      << " classes\n";
  for (const Output& output : outputs) {
    out << (target / output.format).string() << '\n';
    for (const auto& [what, count] : output.sink->left_out()) {
      out << "  cannot carry " << count << " × " << what << '\n';
    }
  }
  print_problems(source.problems(), out);
}

int run_convert(const ConvertCommand& command, std::ostream& out) {
  require_formats(command.to);
  const std::unique_ptr<Source> source = open_source(command.source, command.from);
  convert(*source, command, out);
  return 0;
}

}  // namespace orrery

#include "generator/object_store/object_store.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string_view>

#include "generator/drain_signals.hpp"
#include "generator/object_store/run_program.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

/// What an upload may still take once we are asked to stop; DrainSignals grants 1.6 s in all.
constexpr std::int64_t kLastUploadMs = 1000;
/// The exit status for a folder that is not there; stores know no empty folders.
constexpr int kNoFolder = 3;

/// The first of these variables that is set and not empty.
std::string first_set(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return {};
}

std::string endpoint() { return first_set({"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}); }

/// rclone's configuration files, its options from elsewhere, and what it stumbles over, stay out.
bool is_passed_on(std::string_view entry) {
  if (entry.starts_with("AWS_CA_BUNDLE=")) return false;
  if (!entry.starts_with("RCLONE_")) return true;
  return entry.starts_with("RCLONE_S3_") && !entry.starts_with("RCLONE_S3_ACCESS_KEY_ID=") &&
         !entry.starts_with("RCLONE_S3_SECRET_ACCESS_KEY=") &&
         !entry.starts_with("RCLONE_S3_SESSION_TOKEN=");
}

std::vector<std::string> environment_for_rclone() {
  std::vector<std::string> all = {"RCLONE_CONFIG=", "RCLONE_S3_ENV_AUTH=true",
                                  "RCLONE_S3_NO_CHECK_BUCKET=true",  // never makes one
                                  "TZ=UTC"};
  const std::string where = endpoint();
  if (!where.empty()) all.push_back("RCLONE_S3_ENDPOINT=" + where);
  const std::string region = first_set({"AWS_REGION", "AWS_DEFAULT_REGION"});
  if (!region.empty()) all.push_back("RCLONE_S3_REGION=" + region);
  const std::string authorities = first_set({"AWS_CA_BUNDLE"});
  if (!authorities.empty()) all.push_back("RCLONE_CA_CERT=" + authorities);
  if (first_set({"RCLONE_S3_PROVIDER"}).empty()) {
    all.push_back(std::string("RCLONE_S3_PROVIDER=") + (where.empty() ? "AWS" : "Other"));
  }
  const std::size_t ours = all.size();
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view name =
        std::string_view(*entry).substr(0, std::string_view(*entry).find('=') + 1);
    const bool set =
        std::any_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(ours),
                    [name](const std::string& mine) { return mine.starts_with(name); });
    if (!set && is_passed_on(*entry)) all.emplace_back(*entry);
  }
  return all;
}

/// "2022/11/28 17:07:39 " begins what rclone says; what does not continues it.
bool begins_message(std::string_view line) {
  return line.size() > 20 && line[4] == '/' && line[7] == '/' && line[10] == ' ' && line[13] == ':';
}

/// The last that rclone said, on one line, without what is secret.
std::string reason_of(const ProgramEnd& end) {
  std::string reason;
  std::string_view rest = end.err;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (begins_message(line)) {
      reason = line.substr(20);
    } else if (reason.empty() || line.starts_with("caused by: ")) {
      reason.append(reason.empty() ? "" : ", ").append(line);
    }
  }
  for (const std::string_view before : {"last error was: ", "error in ListJSON: "}) {
    const std::size_t at = reason.find(before);
    if (at != std::string::npos) reason.erase(0, at + before.size());
  }
  while (reason.ends_with('.')) reason.pop_back();
  for (const char* name : {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    const std::string secret = first_set({name});
    for (std::size_t at = 0;
         !secret.empty() && (at = reason.find(secret, at)) != std::string::npos;)
      reason.replace(at, secret.size(), "***");
  }
  return reason.empty() ? "rclone ended with " + std::to_string(end.code) : reason;
}

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// Fields are separated by tabs: time, bytes and, last, the path.
StoredObject object_from(std::string_view line, const std::string& url) {
  const std::size_t first = line.find('\t');
  const std::size_t second = line.find('\t', first + 1);
  StoredObject object;
  if (first != std::string_view::npos && second != std::string_view::npos) {
    object.time = line.substr(0, first);
    object.path = line.substr(second + 1);
    const auto [end, fault] =
        std::from_chars(line.data() + first + 1, line.data() + second, object.size);
    // Folders have a size of -1.
    if ((fault == std::errc() && end == line.data() + second) || object.path.ends_with('/')) {
      return object;
    }
  }
  throw Error(url + ": listed as \"" + std::string(line) + "\", wanted time, size and path",
              Exit::io);
}

}  // namespace

ObjectStore::ObjectStore(const StoreAddress& address)
    : url_(address.url()),
      // With the slash nobody needs to find out whether an object has this name.
      root_(":s3:" + address.bucket + "/" +
            (address.prefix.empty() ? std::string() : address.prefix + "/")),
      environment_(environment_for_rclone()) {}

bool ObjectStore::out_of_patience() const {
  if (!asked_to_stop()) return false;
  std::int64_t asked = 0;
  if (asked_ms_.compare_exchange_strong(asked, now_ms())) return false;
  return now_ms() - asked > kLastUploadMs;
}

std::string ObjectStore::run(const std::string& doing, const std::vector<std::string>& arguments,
                             const std::vector<std::string>& input) const {
  std::vector<std::string> all = {"rclone",          "--quiet", "--low-level-retries", "3",
                                  "--retries-sleep", "1s",      "--timeout",           "60s",
                                  "--contimeout",    "15s"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  std::string text;
  for (const std::string& line : input) text.append(line).push_back('\n');
  const ProgramEnd end =
      run_program({.arguments = all, .environment = environment_, .input = text, .give_up = [this] {
                     return out_of_patience();
                   }});
  if (end.code == 0) return end.out;
  const bool reads = doing == "listed" || doing == "read";
  if (end.code == kNoFolder && reads) return {};
  if (end.given_up || asked_to_stop()) {
    throw Error(url_ + ": stopped on request, the same command continues it", Exit::drained);
  }
  const std::string where = endpoint();
  throw Error(url_ + ": cannot be " + doing + ": " + reason_of(end) + "; wanted a bucket at " +
                  (where.empty() ? "AWS" : where) + " that the credentials in use are allowed to",
              Exit::io);
}

std::vector<StoredObject> ObjectStore::listed(const std::string& folder, const std::string& name,
                                              const std::vector<std::string>& how) const {
  const std::string below = folder.empty() ? folder : folder + "/";
  // The server's times are in the listing; a file's own would be asked for one by one.
  std::vector<std::string> arguments = {"lsf", "--use-server-modtime", "--format",
                                        "tsp", "--separator",          "\t"};
  arguments.insert(arguments.end(), how.begin(), how.end());
  arguments.push_back(root_ + below + name);
  const std::string text = run("listed", arguments, {});
  std::vector<StoredObject> objects;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    objects.push_back(object_from(line, url_));
    objects.back().path.insert(0, below);
  }
  return objects;
}

std::vector<StoredObject> ObjectStore::list(const std::string& folder, bool below) const {
  if (!below) return listed(folder, "", {});
  return listed(folder, "", {"--recursive", "--files-only", "--fast-list"});
}

std::optional<StoredObject> ObjectStore::find(const std::string& path) const {
  const fs::path whole(path);
  const auto objects = listed(whole.parent_path().string(), whole.filename().string(), {});
  // Of a name that is a folder's, its content is listed.
  for (const StoredObject& object : objects) {
    if (object.path == path) return object;
  }
  return std::nullopt;
}

std::string ObjectStore::heads(const std::string& folder, std::uint64_t bytes) const {
  return run("read", {"cat", "--head", std::to_string(bytes), root_ + folder + "/"}, {});
}

void ObjectStore::get(const std::vector<std::string>& paths, const fs::path& folder) const {
  if (paths.empty()) return;
  run("read",
      {"copy", "--no-traverse", "--transfers", "8", "--files-from-raw", "-", root_,
       folder.string()},
      paths);
}

void ObjectStore::put(const fs::path& folder, const std::vector<std::string>& paths) const {
  if (paths.empty()) return;
  for (const std::string& path : paths) {  // rclone passes over what is not there
    if (fs::exists(folder / path)) continue;
    throw Error((folder / path).string() + ": is gone, wanted a file on its way to " + url_,
                Exit::io);
  }
  run("written",
      {"copy", "--no-traverse", "--no-check-dest", "--transfers", "8", "--files-from-raw", "-",
       folder.string(), root_},
      paths);
}

void ObjectStore::remove(const std::vector<std::string>& paths) const {
  if (paths.empty()) return;
  run("removed", {"delete", "--no-traverse", "--files-from-raw", "-", root_}, paths);
}

void ObjectStore::remove_below(const std::string& folder) const {
  run("removed", {"delete", root_ + folder + "/"}, {});
}

}  // namespace orrery

// What WebDataset's readers ask for, read by libarchive. Broken, beside the rules of shards:
// tar_unreadable, tar_kind, member_name, key_apart, key_members, member_unreadable, key_shard.

#include <archive.h>
#include <archive_entry.h>

#include <fstream>
#include <memory>
#include <set>

#include "generator/verify/consumer.hpp"
#include "generator/verify/shard_rules.hpp"
#include "scenes/error.hpp"
#include "scenes/image.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

struct CloseArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};

class TarRules {
 public:
  TarRules(const FormatFolder& at, fs::path file, Findings& findings,
           std::map<std::string, std::string>& shard_of)
      : bop_(at.format == "bop_webdataset"),
        decodes_(at.dataset.empty()),
        file_(std::move(file)),
        findings_(findings),
        shard_of_(shard_of) {}

  std::optional<std::uint64_t> samples() {
    const std::unique_ptr<archive, CloseArchive> tar(archive_read_new());
    archive_read_support_format_tar(tar.get());
    int state = archive_read_open_filename(tar.get(), file_.c_str(), 1U << 16U);
    archive_entry* entry = nullptr;
    while (state == ARCHIVE_OK &&
           (state = archive_read_next_header(tar.get(), &entry)) == ARCHIVE_OK) {
      const char* name = archive_entry_pathname(entry);
      const auto size = static_cast<std::size_t>(archive_entry_size(entry));
      std::string content(size, '\0');
      const la_ssize_t got = archive_read_data(tar.get(), content.data(), size);
      if (got < 0 || static_cast<std::size_t>(got) != size) {
        state = ARCHIVE_FATAL;
        break;
      }
      if (archive_entry_filetype(entry) != AE_IFREG) {
        findings_.add("tar_kind", where(name), "no regular file", "regular files alone");
      }
      add(name == nullptr ? "" : name, content);
    }
    end_of_key();
    if (state == ARCHIVE_EOF) return keys_.size();
    const char* why = archive_error_string(tar.get());
    findings_.add("tar_unreadable", file_.string(), why == nullptr ? "an early end" : why,
                  "a whole tar archive");
    return std::nullopt;
  }

 private:
  std::string where(const char* name) const {
    return file_.string() + ": " + (name == nullptr ? "?" : name);
  }

  void add(const std::string& name, const std::string& content) {
    const std::size_t base = name.rfind('/') == std::string::npos ? 0 : name.rfind('/') + 1;
    const std::size_t dot = name.find('.', base);
    if (dot == std::string::npos || dot == base) {
      findings_.add("member_name", where(name.c_str()), "no key before a dot", "KEY.WHAT");
      return;
    }
    const std::string key = name.substr(0, dot);
    const std::string what = name.substr(dot + 1);
    if (key != key_) {
      end_of_key();
      key_ = key;
      if (!keys_.insert(key).second) {
        findings_.add("key_apart", where(name.c_str()), "key " + key + " again",
                      "members of a key next to each other, in one place");
      }
      shard_of_[key] = file_.filename().string();
    }
    if (!members_.insert(what).second) {
      findings_.add("key_members", where(name.c_str()), what + " again", "a member once");
    }
    check_content(name, what, content);
  }

  void check_content(const std::string& name, const std::string& what, const std::string& content) {
    if (what.ends_with("json")) {
      if (!Json::parse(content, nullptr, false).is_discarded()) return;
      findings_.add("member_unreadable", where(name.c_str()), "no JSON", "JSON");
    } else if (decodes_ || content.size() < 24) {
      try {
        color_from_bytes(std::as_bytes(std::span(content)), where(name.c_str()));
      } catch (const Error& e) {
        findings_.add("member_unreadable", where(name.c_str()), e.what(), "a picture");
      }
    }
  }

  void end_of_key() {
    if (key_.empty()) return;
    findings_.looked_at("images");
    const std::string prefix = bop_ ? "rgb." : "";
    if (!members_.contains(prefix + "jpg") && !members_.contains(prefix + "png")) {
      findings_.add("key_members", where(key_.c_str()), "no " + prefix + "jpg or " + prefix + "png",
                    "a picture");
    }
    const std::vector<std::string> wanted =
        bop_ ? std::vector<std::string>{"camera.json", "gt.json",   "gt_info.json",
                                        "mask.json",   "depth.png", "mask_visib.json"}
             : std::vector<std::string>{"json"};
    for (const std::string& what : wanted) {
      if (members_.contains(what)) continue;
      findings_.add("key_members", where(key_.c_str()), "no " + what, "one of each key");
    }
    members_.clear();
  }

  bool bop_;
  bool decodes_;
  fs::path file_;
  Findings& findings_;
  std::map<std::string, std::string>& shard_of_;
  std::set<std::string> keys_;
  std::string key_;
  std::set<std::string> members_;
};

void check_key_index(const fs::path& file, const std::map<std::string, std::string>& shard_of,
                     Findings& findings) {
  std::ifstream in(file, std::ios::binary);
  const Json index = Json::parse(in, nullptr, false);
  for (const auto& [key, shard] : shard_of) {
    const Json found = index.is_object() ? index.value(key, Json()) : Json();
    const std::string digits = found.dump();
    const std::string wanted =
        "shard-" + std::string(6 - std::min<std::size_t>(6, digits.size()), '0') + digits + ".tar";
    if (found.is_number_unsigned() && wanted == shard) continue;
    findings.add("key_shard", file.string(), "shard " + digits + " of key " + key, shard);
  }
}

}  // namespace

void check_webdataset(const FormatFolder& at, Findings& findings) {
  std::map<fs::path, std::map<std::string, std::string>> shards;  // of keys, by folder
  check_shards(
      at.folder, ".tar",
      [&](const fs::path& file) {
        return TarRules(at, file, findings, shards[file.parent_path()]).samples();
      },
      findings);
  if (at.format != "bop_webdataset") return;
  for (const auto& [folder, shard_of] : shards) {
    check_key_index(folder / "key_to_shard.json", shard_of, findings);
  }
}

}  // namespace orrery

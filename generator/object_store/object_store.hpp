#pragma once

// Objects are moved by the program rclone, a child process for every call; there is no client of
// our own. Who we are and where the store is comes from the environment, as other tools read it:
//   AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, or AWS_PROFILE and its files, or
//   what the machine is granted; AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL; AWS_REGION,
//   AWS_DEFAULT_REGION; AWS_CA_BUNDLE; rclone's own RCLONE_S3_* for the rest, such as encryption.
// None of it is on a command line or in a message.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "generator/object_store/store_address.hpp"

namespace orrery {

/// An object of a listing.
struct StoredObject {
  std::string path;        ///< below the dataset; ends with a slash: others lie below it
  std::uint64_t size = 0;  ///< bytes
  std::string time;        ///< when it was put, UTC: "2022-11-28 17:07:39"
};

/// The objects of one dataset. Several threads may use it at once. Every failure is an Error: of
/// the store Exit::io, with rclone's reason; Exit::unavailable without rclone; Exit::drained if a
/// signal of DrainSignals has asked to stop and what is under way did not end within a second.
class ObjectStore {
 public:
  explicit ObjectStore(const StoreAddress& address);

  const std::string& url() const { return url_; }

  /// What lies in `folder` (empty: the dataset's own): with `below`, all objects below it.
  std::vector<StoredObject> list(const std::string& folder, bool below) const;
  /// The object of this path, if it is there, from the store itself and not from a listing.
  std::optional<StoredObject> find(const std::string& path) const;
  /// The first `bytes` bytes of every object in `folder`, one after the other in any order.
  std::string heads(const std::string& folder, std::uint64_t bytes) const;

  /// Copies objects to the same paths below `folder`; those that are not there are left out.
  void get(const std::vector<std::string>& paths, const std::filesystem::path& folder) const;
  /// Copies files to the same paths in the store, over what is there, in any order.
  void put(const std::filesystem::path& folder, const std::vector<std::string>& paths) const;
  /// Removes objects; those that are not there are no error.
  void remove(const std::vector<std::string>& paths) const;
  void remove_below(const std::string& folder) const;

 private:
  std::string run(const std::string& doing, const std::vector<std::string>& arguments,
                  const std::vector<std::string>& input) const;
  bool out_of_patience() const;
  std::vector<StoredObject> listed(const std::string& folder, const std::string& name,
                                   const std::vector<std::string>& how) const;

  std::string url_;
  std::string root_;
  std::vector<std::string> environment_;
  mutable std::atomic<std::int64_t> asked_ms_{0};  // when a signal was first seen; 0: none
};

}  // namespace orrery

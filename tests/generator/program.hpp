#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "scenes/temporary_folder.hpp"

namespace orrery::testing {

/// How a run of the program went.
struct Ended {
  int code = 0;  ///< exit code, or minus the signal that ended it
  std::string out;
  std::string err;
};

/// The built program, run with a model cache of its own.
class Program {
 public:
  /// Starts `orrery` with these arguments; `environment` ("NAME=value") is added to ours.
  explicit Program(const std::vector<std::string>& arguments,
                   const std::vector<std::string>& environment = {});
  /// Kills what still runs.
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(int signal) const;
  bool running();
  Ended wait();

 private:
  TemporaryFolder folder_;
  pid_t process_ = 0;
  int status_ = 0;
};

/// Runs it to its end.
Ended orrery_run(const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment = {});

/// The last line of a text that ends with a line break.
std::string last_line(const std::string& text);

/// A file's bytes.
std::string text_of(const std::filesystem::path& file);

}  // namespace orrery::testing

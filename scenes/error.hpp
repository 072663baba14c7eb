#pragma once

#include <stdexcept>
#include <string>

namespace orrery {

/// What the process tells its caller (sysexits.h).
enum class Exit : int {
  complete = 0,
  usage = 64,        ///< the command line is wrong
  data = 65,         ///< a recipe, scene or asset is wrong
  unavailable = 69,  ///< no usable device here
  bug = 70,          ///< our own fault
  io = 74,           ///< disk or other I/O
  drained = 75,      ///< stopped on request: run me again
};

/// The world's fault: a file, recipe, device or child process. The text says where, what was
/// found and what was wanted: "kitchen.yaml:41: objects[3].mass must be above 0 kg, found -1".
/// Our own bugs are asserts, expected absences are `std::optional`.
class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& text, Exit exit = Exit::data)
      : std::runtime_error(text), exit_(exit) {}
  Exit exit() const { return exit_; }

 private:
  Exit exit_;
};

}  // namespace orrery

#include "generator/data_commands.hpp"
#include "scenes/error.hpp"

namespace orrery {

int run_split(const SplitCommand&, std::ostream&) {
  throw Error("split: is not there yet", Exit::bug);
}

}  // namespace orrery

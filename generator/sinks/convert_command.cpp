#include "generator/data_commands.hpp"
#include "scenes/error.hpp"

namespace orrery {

int run_convert(const ConvertCommand&, std::ostream&) {
  throw Error("convert: is not there yet", Exit::bug);
}

}  // namespace orrery

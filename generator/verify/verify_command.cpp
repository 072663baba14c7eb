#include "generator/data_commands.hpp"
#include "scenes/error.hpp"

namespace orrery {

int run_verify(const VerifyCommand&, std::ostream&) {
  throw Error("verify: is not there yet", Exit::bug);
}

}  // namespace orrery

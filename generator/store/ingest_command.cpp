#include "generator/data_commands.hpp"
#include "scenes/error.hpp"

namespace orrery {

int run_ingest(const IngestCommand&, std::ostream&) {
  throw Error("ingest: is not there yet", Exit::bug);
}

}  // namespace orrery

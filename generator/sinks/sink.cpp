#include "generator/sink.hpp"

#include "scenes/error.hpp"

namespace orrery {

const std::vector<SinkFormat>& sink_formats() {
  static const std::vector<SinkFormat> formats;
  return formats;
}

std::unique_ptr<Sink> open_sink(const std::string& format, const std::filesystem::path&,
                                const DatasetInfo&, const SinkOptions&) {
  throw Error(format + ": is no format", Exit::usage);
}

}  // namespace orrery

#include "generator/ingest/xml_file.hpp"

#include <algorithm>

#include "generator/ingest/read_source.hpp"

namespace orrery {

bool read_xml(const std::filesystem::path& file, pugi::xml_document& document, std::string& fault) {
  const std::string text = text_of_file(file);
  const pugi::xml_parse_result result = document.load_buffer(text.data(), text.size());
  if (result) return true;
  const auto end = text.begin() + std::min(result.offset, static_cast<std::ptrdiff_t>(text.size()));
  fault = "line " + std::to_string(1 + std::count(text.begin(), end, '\n')) +
          " is no well-formed XML: " + result.description();
  return false;
}

std::optional<double> number_in(const pugi::xml_node& node, const char* child) {
  return number_from(node.child(child).text().get());
}

std::optional<double> number_of(const pugi::xml_node& node, const char* attribute) {
  return number_from(node.attribute(attribute).value());
}

std::string text_in(const pugi::xml_node& node, const char* child) {
  return trimmed(node.child(child).text().get());
}

}  // namespace orrery

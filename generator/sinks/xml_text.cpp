#include "generator/sinks/xml_text.hpp"

namespace orrery {
namespace {

struct TextWriter : pugi::xml_writer {
  std::string text;
  void write(const void* data, std::size_t size) override {
    text.append(static_cast<const char*>(data), size);
  }
};

}  // namespace

std::string xml_text(const pugi::xml_node& node, unsigned depth) {
  TextWriter writer;
  node.print(writer, "  ", pugi::format_indent, pugi::encoding_utf8, depth);
  return writer.text;
}

void add_text(pugi::xml_node& to, const char* name, const std::string& text) {
  to.append_child(name).append_child(pugi::node_pcdata).set_value(text.c_str());
}

void add_attribute(pugi::xml_node& to, const char* name, const std::string& text) {
  to.append_attribute(name).set_value(text.c_str());
}

}  // namespace orrery

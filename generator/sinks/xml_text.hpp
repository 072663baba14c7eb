#pragma once

#include <pugixml.hpp>
#include <string>

namespace orrery {

/// An element with its children as text, two blanks a level, ending in a line break.
std::string xml_text(const pugi::xml_node& node, unsigned depth = 0);

/// A child that holds a text.
void add_text(pugi::xml_node& to, const char* name, const std::string& text);

/// Same for an attribute.
void add_attribute(pugi::xml_node& to, const char* name, const std::string& text);

}  // namespace orrery

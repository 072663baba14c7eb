#pragma once

#include <filesystem>
#include <optional>
#include <pugixml.hpp>
#include <string>

namespace orrery {

/// Parses a file. False if it is no well-formed XML; `fault` then says the line and why.
bool read_xml(const std::filesystem::path& file, pugi::xml_document& document, std::string& fault);
/// The number in a child element or an attribute; nothing if it is missing or no number.
std::optional<double> number_in(const pugi::xml_node& node, const char* child);
std::optional<double> number_of(const pugi::xml_node& node, const char* attribute);
/// The text of a child, without blanks at its ends.
std::string text_in(const pugi::xml_node& node, const char* child);

}  // namespace orrery

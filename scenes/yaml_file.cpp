#include "scenes/yaml_file.hpp"

#include <fstream>
#include <sstream>

#include "scenes/error.hpp"

namespace orrery {

YAML::Node yaml_from(const std::string& text, const std::string& where) {
  try {
    return YAML::Load(text);
  } catch (const YAML::ParserException& error) {
    throw Error(where + ":" + std::to_string(error.mark.line + 1) + ":" +
                std::to_string(error.mark.column + 1) + ": is no YAML, " + error.msg);
  }
}

YAML::Node yaml_from_file(const std::filesystem::path& file, const std::string& wanted) {
  std::ifstream in(file);
  if (!in) throw Error(file.string() + ": cannot be read, wanted " + wanted);
  std::ostringstream text;
  text << in.rdbuf();
  return yaml_from(text.str(), file.string());
}

void set_at(const YAML::Node& root, const std::string& set) {
  const std::size_t equals = set.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error("--set " + set + ": is no override, wanted path.to.key=value", Exit::usage);
  }
  YAML::Node node = root;
  std::stringstream path(set.substr(0, equals));
  std::vector<std::string> keys;
  for (std::string key; std::getline(path, key, '.');) keys.push_back(key);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool index = node.IsSequence();
    YAML::Node next;
    if (index) {
      const auto at = static_cast<std::size_t>(std::strtoul(keys[i].c_str(), nullptr, 10));
      if (at >= node.size()) {
        throw Error("--set " + set + ": " + keys[i] + " is no element, found " +
                        std::to_string(node.size()) + " of them",
                    Exit::usage);
      }
      next.reset(node[at]);
    } else {
      next.reset(node[keys[i]]);
    }
    if (i + 1 == keys.size()) next = yaml_from(set.substr(equals + 1), "--set " + set);
    node.reset(next);
  }
}

}  // namespace orrery

#include "generator/ingest/json_file.hpp"

#include <algorithm>

#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr int kDeepest = 100;
constexpr std::size_t kLargest = std::size_t{1} << 30U;

struct Stop {};

/// Reads bytes one after the other and knows where it is.
class Bytes {
 public:
  explicit Bytes(std::ifstream& in) : in_(in), buffer_(std::size_t{1} << 16U) {}
  /// -1 at the end.
  int peek() {
    if (at_ == size_) {
      in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
      before_ += size_;
      size_ = static_cast<std::size_t>(std::max<std::streamsize>(0, in_.gcount()));
      at_ = 0;
      if (size_ == 0) return -1;
    }
    return static_cast<unsigned char>(buffer_[at_]);
  }
  int get() {
    const int c = peek();
    if (c < 0) return c;
    ++at_;
    if (c == '\n') ++line_;
    return c;
  }
  int peek_solid() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') get();
    return peek();
  }
  std::uint64_t offset() const { return before_ + at_; }
  std::uint64_t line() const { return line_; }

 private:
  std::ifstream& in_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t size_ = 0;
  std::uint64_t before_ = 0;
  std::uint64_t line_ = 1;
};

class Walker {
 public:
  Walker(std::ifstream& in, std::string file) : bytes_(in), file_(std::move(file)) {}

  template <class Visit>
  void walk(const Visit& visit) {
    if (bytes_.peek() == 0xEF) {
      for (int i = 0; i < 3; ++i) bytes_.get();  // byte-order mark
    }
    const int first = bytes_.peek_solid();
    if (first == '[') {
      list("", visit);
    } else if (first == '{') {
      bytes_.get();
      members(visit);
    } else {
      refuse("an object or a list");
    }
    if (bytes_.peek_solid() >= 0) refuse("the end of the file");
  }

 private:
  template <class Visit>
  void members(const Visit& visit) {
    if (bytes_.peek_solid() == '}') {
      bytes_.get();
      return;
    }
    while (true) {
      if (bytes_.peek_solid() != '"') refuse("a key in quotes");
      std::string quoted;
      value(quoted);
      std::string fault;
      const auto key = parsed_json(quoted, fault);
      if (!key) refuse("a key");
      if (bytes_.peek_solid() != ':') refuse("a colon");
      bytes_.get();
      if (bytes_.peek_solid() == '[') {
        list(key->get<std::string>(), visit);
      } else {
        element(key->get<std::string>(), visit);
      }
      if (!goes_on('}')) return;
    }
  }
  template <class Visit>
  void list(const std::string& key, const Visit& visit) {
    bytes_.get();
    if (bytes_.peek_solid() == ']') {
      bytes_.get();
      visit(key, std::string(), JsonPlace{});
      return;
    }
    do {
      element(key, visit);
    } while (goes_on(']'));
  }
  template <class Visit>
  void element(const std::string& key, const Visit& visit) {
    bytes_.peek_solid();
    const std::uint64_t offset = bytes_.offset();
    text_.clear();
    value(text_);
    visit(key, text_, JsonPlace{offset, static_cast<std::uint32_t>(text_.size())});
  }
  bool goes_on(int closing) {
    const int c = bytes_.peek_solid();
    if (c != ',' && c != closing) refuse(std::string("\",\" or \"") + static_cast<char>(closing));
    bytes_.get();
    return c == ',';
  }
  /// One value, by its brackets and quotes alone.
  void value(std::string& text) {
    int depth = 0;
    do {
      const int c = bytes_.peek();
      if (c < 0) refuse("more: the file ends within a value");
      if (text.size() >= kLargest) refuse("an element below 1 GiB");
      if (c == '"') {
        quoted(text);
        continue;
      }
      const bool closes = c == '}' || c == ']';
      if (depth == 0 && (closes || c == ',' || c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
        if (text.empty()) refuse("a value");
        return;
      }
      text += static_cast<char>(bytes_.get());
      if (c == '{' || c == '[') ++depth;
      if (depth > kDeepest) refuse("no more than 100 levels");
      if (closes) --depth;
      if (depth == 0 && !closes) {  // a number or a word goes on until something ends it
        const int next = bytes_.peek();
        if (next < 0) return;
        depth = 0;
        continue_bare(text);
        return;
      }
    } while (depth > 0);
  }
  void continue_bare(std::string& text) {
    while (true) {
      const int c = bytes_.peek();
      const bool ends = c < 0 || c == '}' || c == ']' || c == ',' || c == ' ' || c == '\n' ||
                        c == '\r' || c == '\t' || c == '"' || c == '{' || c == '[' || c == ':';
      if (ends) return;
      if (text.size() >= kLargest) refuse("an element below 1 GiB");
      text += static_cast<char>(bytes_.get());
    }
  }
  void quoted(std::string& text) {
    text += static_cast<char>(bytes_.get());
    while (true) {
      const int c = bytes_.get();
      if (c < 0) refuse("a closing quote");
      if (text.size() >= kLargest) refuse("an element below 1 GiB");
      text += static_cast<char>(c);
      if (c == '"') return;
      if (c == '\\') {
        const int escaped = bytes_.get();
        if (escaped < 0) refuse("a closing quote");
        text += static_cast<char>(escaped);
      }
    }
  }
  [[noreturn]] void refuse(const std::string& wanted) {
    const int c = bytes_.peek();
    throw Error(file_ + ":" + std::to_string(bytes_.line()) + ": is no JSON: found " +
                (c < 0                ? "the end of the file"
                 : c >= 32 && c < 127 ? "\"" + std::string(1, static_cast<char>(c)) + "\""
                                      : "byte " + std::to_string(c)) +
                ", wanted " + wanted);
  }

  Bytes bytes_;
  std::string file_;
  std::string text_;
};

std::ifstream opened(const std::filesystem::path& file) {
  std::error_code failed;
  std::ifstream in(file, std::ios::binary);
  if (!in || !std::filesystem::is_regular_file(file, failed)) {
    throw Error(file.string() + ": cannot be read", Exit::io);
  }
  return in;
}

const Json& none(Json::value_t kind) {
  static const Json list = Json::array();
  static const Json object = Json::object();
  return kind == Json::value_t::array ? list : object;
}

}  // namespace

JsonFile::JsonFile(std::filesystem::path file) : file_(std::move(file)), in_(opened(file_)) {}

void JsonFile::walk(
    const std::function<void(const std::string&, const std::string&, const JsonPlace&)>& visit) {
  in_.clear();
  in_.seekg(0);
  Walker(in_, file_.string()).walk([&](const auto& key, const auto& text, const auto& place) {
    if (place.size > 0) visit(key, text, place);
  });
}

std::vector<std::pair<std::string, std::string>> JsonFile::peek(std::uint64_t bytes) {
  std::vector<std::pair<std::string, std::string>> found;
  try {
    in_.clear();
    in_.seekg(0);
    Walker(in_, file_.string()).walk([&](const auto& key, const auto& text, const auto& place) {
      if (place.offset > bytes) throw Stop();
      const bool known = std::any_of(found.begin(), found.end(),
                                     [&](const auto& item) { return item.first == key; });
      if (!known) found.emplace_back(key, text.substr(0, 100000));
      if (key.empty() && known) throw Stop();
    });
  } catch (const Stop&) {
  } catch (const Error&) {  // what it looks like is seen in what comes before
  }
  return found;
}

std::string JsonFile::text_at(const JsonPlace& place) {
  std::string text(place.size, '\0');
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(place.offset));
  in_.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in_.gcount() != static_cast<std::streamsize>(text.size())) {
    throw Error(file_.string() + ": has changed while it was read", Exit::io);
  }
  return text;
}

std::string JsonFile::where(const JsonPlace& place) {
  if (place.offset < counted_offset_) {
    counted_offset_ = 0;
    counted_line_ = 1;
  }
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(counted_offset_));
  std::string piece(std::size_t{1} << 16U, '\0');
  while (counted_offset_ < place.offset) {
    const auto count = std::min<std::uint64_t>(piece.size(), place.offset - counted_offset_);
    in_.read(piece.data(), static_cast<std::streamsize>(count));
    const std::streamsize got = in_.gcount();
    if (got <= 0) break;
    counted_line_ +=
        static_cast<std::uint64_t>(std::count(piece.begin(), piece.begin() + got, '\n'));
    counted_offset_ += static_cast<std::uint64_t>(got);
  }
  return file_.string() + ":" + std::to_string(counted_line_);
}

Json JsonFile::at(const JsonPlace& place) {
  std::string fault;
  std::optional<Json> json = parsed_json(text_at(place), fault);
  if (!json) throw Error(where(place) + ": " + fault);
  return std::move(*json);
}

std::optional<Json> parsed_json(const std::string& text, std::string& fault) {
  bool deep = false;
  const auto watch = [&](int depth, Json::parse_event_t, Json&) {
    deep = deep || depth > kDeepest;
    return !deep;
  };
  try {
    Json json = Json::parse(text, watch);
    if (!deep) return json;
    fault = "has more than 100 levels";
  } catch (const nlohmann::json::exception& found) {
    fault = std::string("is no JSON: ") + found.what();
  }
  return std::nullopt;
}

std::string_view raw_member(std::string_view object, std::string_view key) {
  int depth = 0;
  bool names = false;  // the next string at depth 1 is a key
  for (std::size_t i = 0; i < object.size(); ++i) {
    const char c = object[i];
    if (c == '"') {
      const std::size_t from = i + 1;
      for (++i; i < object.size() && object[i] != '"'; ++i) {
        if (object[i] == '\\') ++i;
      }
      if (i > object.size()) return {};
      if (depth != 1 || !names || object.substr(from, i - from) != key) continue;
      std::size_t at = object.find_first_not_of(" \t\r\n:", i + 1);
      if (at == std::string_view::npos) return {};
      return object.substr(at, object.find_first_of(",}] \t\r\n", at) - at);
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth == 1) names = c == '{' || c == ',' || (names && c != ':');
  }
  return {};
}

std::optional<double> number_at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (found == json.end() || !found->is_number()) return std::nullopt;
  return found->get<double>();
}

std::optional<std::int64_t> whole_at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (found == json.end() || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

std::string text_at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flag_at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  if (found == json.end()) return false;
  return found->is_boolean() ? found->get<bool>() : found->is_number() && found->get<double>() != 0;
}

const Json& list_at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_array() ? *found : none(Json::value_t::array);
}

const Json& object_at(const Json& json, const char* key) {
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_object() ? *found : none(Json::value_t::object);
}

std::optional<std::vector<double>> numbers_from(const Json& json) {
  if (!json.is_array()) return std::nullopt;
  std::vector<double> numbers;
  for (const Json& item : json) {
    if (!item.is_number()) return std::nullopt;
    numbers.push_back(item.get<double>());
  }
  return numbers;
}

Json without(const Json& json, const std::vector<std::string>& names) {
  Json rest = Json::object();
  for (const auto& item : json.items()) {
    if (std::find(names.begin(), names.end(), item.key()) == names.end()) {
      rest[item.key()] = item.value();
    }
  }
  return rest;
}

}  // namespace orrery

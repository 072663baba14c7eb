#include "generator/verify/picture_rules.hpp"

#include "generator/ingest/picture_header.hpp"
#include "generator/upright_picture.hpp"
#include "scenes/error.hpp"

namespace orrery {

bool check_picture(const StoredFile& file, int width, int height, bool head_alone,
                   Findings& findings) {
  findings.looked_at("pictures");
  PictureFault fault;
  const std::optional<PictureHeader> header = find_picture_header(file, fault);
  if (!header) {
    findings.add(fault.reason, file.string(), fault.text, "a whole picture");
    return false;
  }
  if (width > 0 && (header->upright_width() != width || header->upright_height() != height)) {
    findings.add("picture_size", file.string(),
                 std::to_string(header->upright_width()) + " x " +
                     std::to_string(header->upright_height()) + " pixels",
                 std::to_string(width) + " x " + std::to_string(height) + ", as its labels say");
  }
  if (head_alone) return true;
  try {
    read_upright(file);
  } catch (const Error& e) {
    findings.add("picture_undecodable", file.string(), e.what(), "a picture that decodes whole");
    return false;
  }
  return true;
}

}  // namespace orrery

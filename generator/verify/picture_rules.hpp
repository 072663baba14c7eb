#pragma once

#include "generator/stored_file.hpp"
#include "generator/verify/findings.hpp"

namespace orrery {

/// A picture is there, whole, and upright of that size; 0: of any. Decodes it to its last pixel
/// unless `head_alone`. False if it is not there or cannot be read. Broken: picture_missing,
/// picture_truncated, picture_undecodable, picture_size.
bool check_picture(const StoredFile& file, int width, int height, bool head_alone,
                   Findings& findings);

}  // namespace orrery

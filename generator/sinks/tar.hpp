#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace orrery {

/// Appends a regular file to a tar archive in POSIX's ustar form: a header of 512 bytes, the
/// content, zeros up to a multiple of 512. Its time, owner and group are 0 and its mode 0644, so
/// that the same content gives the same bytes. `name` has 1 to 100 bytes. Throws Error if the name
/// or the content does not fit the header.
void add_tar_member(std::string& archive, std::string_view name, std::string_view content);

/// The same in pieces, for contents that are not copied: the header of a member…
std::string tar_header(std::string_view name, std::uint64_t size);
/// …and the zeros after `size` bytes of content.
std::string tar_padding(std::uint64_t size);

/// How an archive ends: two blocks of zeros.
std::string tar_end();

}  // namespace orrery

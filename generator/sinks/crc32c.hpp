#pragma once

#include <cstdint>
#include <string_view>

namespace orrery {

/// The checksum of iSCSI, ext4 and TFRecord: polynomial 0x1EDC6F41, bits reversed.
/// Source: Castagnoli et al., Optimization of Cyclic Redundancy-Check Codes, 1993; RFC 3720 B.4.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace orrery

#pragma once

namespace orrery {

/// The names of an enum's values in files, in order: a specialisation for each enum that is a
/// field.
template <class Enum>
struct EnumNames;

}  // namespace orrery

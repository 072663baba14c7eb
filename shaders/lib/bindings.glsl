// The one descriptor set, and how resident data is read.
#extension GL_EXT_shader_16bit_storage : require
#extension GL_EXT_shader_explicit_arithmetic_types_int16 : require
#include "shaders/lib/lanes.glsl"
#include "shaders/shared/types.h"

layout(set = 0, binding = BIND_VERTICES, scalar) readonly buffer Vertices { uvec4 vertex_words[]; };
layout(set = 0, binding = BIND_TRIANGLES, scalar) readonly buffer Triangles { uvec3 triangles[]; };
layout(set = 0, binding = BIND_TEXELS, scalar) readonly buffer Texels { uint texels[]; };
layout(set = 0, binding = BIND_MATERIALS, scalar) readonly buffer Materials {
  GpuMaterial materials[];
};
layout(set = 0, binding = BIND_SKY, scalar) readonly buffer SkyQuads { uvec4 sky_quads[]; };
layout(set = 0, binding = BIND_VIEW, scalar) uniform View { ViewConstants view; };
layout(set = 0, binding = BIND_DRAWS, scalar) readonly buffer Draws { Draw draws[]; };

#version 460
#include "shaders/lib/bindings.glsl"
#include "shaders/lib/lattice.glsl"
#include "shaders/lib/octahedral.glsl"
#include "shaders/lib/texture.glsl"
#include "shaders/lib/surface.glsl"
#include "shaders/lib/brdf.glsl"
#include "shaders/lib/tone.glsl"
#include "shaders/lib/sky.glsl"
#include "shaders/lib/shadow.glsl"

// Shades the listed samples. A sample at a pixel's centre also writes that pixel's colour and labels.
// Software devices run both sides of every branch, so what a run does not need is compiled out.

layout(constant_id = 0) const uint kMaps = 2;           // 0: no texture, 1: base colour, 2: all maps
layout(constant_id = 1) const bool kShadows = true;
layout(constant_id = 2) const bool kOcclusion = true;
layout(constant_id = 3) const bool kSeeThrough = true;  // blended surfaces or a shadow catcher
layout(constant_id = 5) const uint kKind = 0;            // of background
layout(constant_id = 4) const bool kNormals = true;     // the normal plane was asked for
layout(constant_id = 6) const uint kLights = 99;        // above kMaxKnownLights: as the view says

#include "shaders/lib/background.glsl"

layout(local_size_x = kGroup) in;
layout(set = 0, binding = BIND_VISIBILITY) uniform usampler2D visibility_map;
layout(set = 0, binding = BIND_OPAQUE_VISIBILITY) uniform usampler2D opaque_map;
layout(set = 0, binding = BIND_OCCLUSION, scalar) readonly buffer Occlusion { vec2 occlusion[]; };
layout(set = 0, binding = BIND_LATTICE_COLOR, scalar) writeonly buffer LatticeColor {
  uvec2 lattice_color[];
};
layout(set = 0, binding = BIND_COLOR, scalar) writeonly buffer Color { uint color[]; };
layout(set = 0, binding = BIND_ID, scalar) writeonly buffer Id { uint16_t id[]; };
layout(set = 0, binding = BIND_DEPTH, scalar) writeonly buffer Depth { float depth[]; };
layout(set = 0, binding = BIND_NORMAL, scalar) writeonly buffer Normal { uint normal[]; };

// Occlusion exists at every second pixel; the nearest four on the same plane are blended.
float open_fraction(vec2 pixel, vec3 position, vec3 geometric) {
  ivec2 size = ivec2((view.width + 1u) / 2u, (view.height + 1u) / 2u);
  vec2 at = clamp((pixel - 0.5) * 0.5, vec2(0.0), vec2(size) - 1.0);
  ivec2 low = ivec2(at);
  vec2 f = at - vec2(low);
  float through = dot(position, geometric);
  float sum = 0.0;
  float weights = 0.0;
  for (int k = 0; k < 4; ++k) {
    ivec2 corner = ivec2(k & 1, k >> 1);
    ivec2 p = min(low + corner, size - 1);
    vec2 there = occlusion[size.x * size.y + p.y * size.x + p.x];
    vec2 g = mix(1.0 - f, f, vec2(corner));
    // Where the plane of this surface passes under the cell, as 1 / depth.
    float expected = dot(ray_through(2.0 * vec2(p) + 0.5), geometric) / through;
    float w = (g.x * g.y + 1e-3) * max(0.0, 1.0 - 25.0 * abs(1.0 - there.y * expected));
    sum += w * there.x;
    weights += w;
  }
  return weights > 1e-5 ? sum / weights : 1.0;
}

struct Lit {
  vec3 radiance;
  vec3 unshadowed;  // of the direct lights, as if nothing stood in their way
  vec3 direct;
  vec3 ambient;
  float open;  // share of the ambient light that arrives
  float alpha;
};

vec3 irradiance_of(GpuLight light, vec3 position, out vec3 l, out float spread) {
  if (light.kind == kLightSun) {
    l = -light.direction;
    spread = light.radius;
    return light.color;
  }
  vec3 to_light = light.position - position;
  float reach = max(length(to_light), light.radius);
  l = to_light / max(length(to_light), 1e-6);
  spread = light.radius / reach;
  float along = dot(-l, light.direction);
  float cone = light.kind == kLightSpot ? smoothstep(light.cos_outer, light.cos_inner, along)
                                        : max(along, 0.0);
  return light.color * (cone / (reach * reach));
}

Lit lit(Surface s, vec2 pixel) {
  GpuMaterial m = materials[s.material];
  vec4 base = m.base_color * s.color;
  TextureRef base_texture = TextureRef(m.base.z, m.base.w);
  if (kMaps > 0 && base_texture.packed != 0u) {
    base *= sampled(base_texture, s.uv, s.footprint, true);
  }
  vec3 n = s.normal;
  float metallic = m.emissive_metallic.w;
  float roughness = m.surface.x;
  float cavity = 1.0;
  vec3 emissive = m.emissive_metallic.xyz;
  if (kMaps > 1) {
    TextureRef normal_texture = TextureRef(m.detail.x, m.detail.y);
    TextureRef orm_texture = TextureRef(m.detail.z, m.detail.w);
    TextureRef emissive_texture = TextureRef(m.emission.x, m.emission.y);
    if (orm_texture.packed != 0u) {
      vec3 orm = sampled(orm_texture, s.uv, s.footprint, false).rgb;
      cavity = 1.0 + m.surface.z * (orm.r - 1.0);
      roughness *= orm.g;
      metallic *= orm.b;
    }
    if (emissive_texture.packed != 0u) {
      emissive *= sampled(emissive_texture, s.uv, s.footprint, true).rgb;
    }
    if (normal_texture.packed != 0u && dot(s.tangent.xyz, s.tangent.xyz) > 0.0) {
      vec3 t = sampled(normal_texture, s.uv, s.footprint, false).xyz * 2.0 - 1.0;
      vec3 tangent = normalize(s.tangent.xyz - n * dot(n, s.tangent.xyz));
      vec3 bitangent = s.tangent.w * cross(n, tangent);
      n = normalize(m.surface.y * (t.x * tangent + t.y * bitangent) + max(t.z, 0.05) * n);
    }
  }
  roughness = clamp(roughness, 0.045, 1.0);
  vec3 v = -normalize(s.position);
  float cos_view = clamp(dot(n, v), 1e-3, 1.0);
  Reflector r = reflector(base.rgb, metallic, roughness, cos_view);
  float open = kOcclusion ? open_fraction(pixel, s.position, s.geometric) : 1.0;
  open *= cavity;
  // A sharper lobe is either seen or hidden.
  float open_specular = open * mix(open, 1.0, roughness);

  Lit result;
  result.alpha = m.base.x == kAlphaBlend ? clamp(base.a, 0.0, 1.0) : 1.0;
  result.open = open;
  result.ambient = open * r.diffuse * ambient_diffuse(n) +
                   open_specular * r.specular * ambient_specular(reflect(-v, n), roughness);
  // A count known to the compiler makes every read of a light one for all invocations.
  const uint lights = kLights <= kMaxKnownLights ? kLights : view.lights;
  result.direct = vec3(0.0);
  result.unshadowed = vec3(0.0);
  for (uint i = 0u; i < lights; ++i) {
    GpuLight light = view.light[i];
    vec3 l;
    float spread;
    vec3 arriving = irradiance_of(light, s.position, l, spread);
    // A normal map or smooth normals must not light what faces away.
    float faces = smoothstep(0.0, 0.1, dot(s.geometric, l));
    vec3 open_light = faces * arriving * reflected(r, n, v, l, spread);
    result.unshadowed += open_light;
    result.direct +=
        open_light * (kShadows ? lit_fraction(light, s.position, s.geometric, pixel) : 1.0);
  }
  result.radiance = result.ambient + result.direct + emissive;
  return result;
}

// The ground as a shadow catcher: black, as opaque as the share of light that it is denied.
vec4 caught_shadow(Surface s, Lit light) {
  float open = light.open;
  float full = dot(light.unshadowed, vec3(1.0)) + dot(light.ambient, vec3(1.0)) / max(open, 0.05);
  float left = dot(light.direct + light.ambient, vec3(1.0));
  return vec4(vec3(0.0), clamp(1.0 - left / max(full, 1e-6), 0.0, 1.0));
}

// Straight alpha over straight alpha.
vec4 over(vec4 front, vec4 back) {
  float alpha = front.a + back.a * (1.0 - front.a);
  vec3 sum = front.rgb * front.a + back.rgb * back.a * (1.0 - front.a);
  return vec4(alpha > 0.0 ? sum / alpha : vec3(0.0), alpha);
}

void main() {
  uint i = gl_GlobalInvocationID.x;
  uint list = kMaps > 0 ? kListSamples : kListPlainSamples;
  if (i >= lists[list].count) return;
  uint sample_index = entries[first_of(list) + i];
  uint stride = lattice_size().x;
  uvec2 at = uvec2(sample_index % stride, sample_index / stride);
  vec2 pixel = pixel_position(at);
  uint here = texelFetch(visibility_map, ivec2(at), 0).r;
  Surface s = surface_at(here, pixel, kMaps > 0, kMaps > 1);
  Lit front = lit(s, pixel);
  vec4 result = vec4(tone(view.exposure * front.radiance), front.alpha);
  if (kSeeThrough) {
    vec4 back = background_at(pixel);
    uint below = texelFetch(opaque_map, ivec2(at), 0).r;
    if (below != 0u && below != here) {
      Surface t = surface_at(below, pixel, kMaps > 0, kMaps > 1);
      Lit behind = lit(t, pixel);
      vec4 opaque = materials[t.material].base.x == kShadowCatcher
                        ? caught_shadow(t, behind)
                        : vec4(tone(view.exposure * behind.radiance), 1.0);
      back = over(opaque, back);
    }
    if (materials[s.material].base.x == kShadowCatcher) result = caught_shadow(s, front);
    result = over(result, back);
  }
  if (view.rate == 2u) {
    lattice_color[sample_index] =
        uvec2(packHalf2x16(result.rg), packHalf2x16(result.ba));
  }
  bool centre = view.rate == 1u || (at.x & at.y & 1u) == 1u;
  if (centre) {
    uvec2 p = view.rate == 2u ? at >> 1u : at;
    uint o = p.y * view.width + p.x;
    color[o] = srgb_from_linear(result);
    id[o] = uint16_t(s.id);
    depth[o] = s.position.z;
    if (kNormals) normal[o] = pack_normal(s.normal);
  }
}

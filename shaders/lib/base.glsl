// What a surface's material says about it. Needs texture.glsl and surface.glsl. Shared with C++: see
// lanes.glsl.

struct Base {
  vec4 color;
  vec3 normal;
  vec3 emissive;
  Float metallic;
  Float roughness;
  Float cavity;
};

Base base_of(GpuMaterial m, Surface s) {
  Base b;
  b.color = m.base_color * s.color;
  b.normal = s.normal;
  b.emissive = xyz(m.emissive_metallic);
  b.metallic = m.emissive_metallic.w;
  b.roughness = m.surface.x;
  b.cavity = 1.0;
  if (kMaps > 0u && any_lane(m.base.w != 0u)) {
    vec4 texel = sampled(texture_of(m.base.z, m.base.w), s.uv, s.footprint, true);
    b.color *= pick(m.base.w != 0u, texel, vec4(1.0));
  }
  if (kMaps > 1u && any_lane(m.detail.w != 0u)) {
    vec4 texel = sampled(texture_of(m.detail.z, m.detail.w), s.uv, s.footprint, false);
    vec3 orm = pick(m.detail.w != 0u, xyz(texel), vec3(1.0));
    b.cavity = 1.0 + m.surface.z * (orm.x - 1.0);
    b.roughness *= orm.y;
    b.metallic *= orm.z;
  }
  if (kMaps > 1u && any_lane(m.emission.y != 0u)) {
    vec4 texel = sampled(texture_of(m.emission.x, m.emission.y), s.uv, s.footprint, true);
    b.emissive *= pick(m.emission.y != 0u, xyz(texel), vec3(1.0));
  }
  if (kMaps > 1u && any_lane(m.detail.y != 0u)) {
    Bool bumpy = m.detail.y != 0u && dot(xyz(s.tangent), xyz(s.tangent)) > 0.0;
    vec4 texel = sampled(texture_of(m.detail.x, m.detail.y), s.uv, s.footprint, false);
    vec3 t = xyz(texel) * 2.0 - vec3(1.0);
    vec3 along = xyz(s.tangent) - s.normal * dot(s.normal, xyz(s.tangent));
    vec3 tangent = along / max(length(along), 1e-9);
    vec3 bitangent = s.tangent.w * cross(s.normal, tangent);
    vec3 turned_normal = normalize(m.surface.y * (t.x * tangent + t.y * bitangent) +
                                   max(t.z, 0.05) * s.normal);
    b.normal = pick(bumpy, turned_normal, s.normal);
  }
  return b;
}

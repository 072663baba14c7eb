// The light that leaves a surface towards the camera, and what a sample of the image shows. Needs all
// of the above. Shared with C++: see lanes.glsl.

struct Lit {
  vec3 radiance;
  vec3 unshadowed;  // of the direct lights, as if nothing stood in their way
  vec3 direct;
  vec3 ambient;
  Float open;  // share of the ambient light that arrives
  Float alpha;
};

struct Arriving {
  vec3 light;
  vec3 from;  // unit
  Float spread;
};

Arriving arriving_from(GpuLight light, vec3 position) {
  Arriving a;
  if (light.kind == kLightSun) {
    a.light = light.color;
    a.from = -light.direction;
    a.spread = light.radius;
    return a;
  }
  vec3 to_light = light.position - position;
  Float away = length(to_light);
  Float reach = max(away, light.radius);
  a.from = to_light / max(away, 1e-6);
  a.spread = light.radius / reach;
  Float along = -dot(a.from, vec3(light.direction));
  Float cone = light.kind == kLightSpot
                   ? smoothstep(Float(light.cos_outer), Float(light.cos_inner), along)
                   : max(along, 0.0);
  a.light = light.color * (cone / (reach * reach));
  return a;
}

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
  b.roughness = clamp(b.roughness, 0.045, 1.0);
  return b;
}

Lit lit(Surface s, vec2 pixel) {
  GpuMaterial m = materials[s.material];
  Base b = base_of(m, s);
  vec3 n = b.normal;
  vec3 v = -normalize(s.position);
  Float cos_view = clamp(dot(n, v), 1e-3, 1.0);
  Reflector r = reflector(xyz(b.color), b.metallic, b.roughness, cos_view);
  Float open = kOcclusion ? open_fraction(pixel, s.position, s.geometric) : Float(1.0);
  open *= b.cavity;
  // A sharper lobe is either seen or hidden.
  Float open_specular = open * mix(open, Float(1.0), b.roughness);

  Lit result;
  result.alpha = pick(m.base.x == kAlphaBlend, clamp(b.color.w, 0.0, 1.0), Float(1.0));
  result.open = open;
  result.ambient = open * r.diffuse * ambient_diffuse(n) +
                   open_specular * r.specular * ambient_specular(reflect(-v, n), b.roughness);
  // A count known to the compiler makes every read of a light one for all invocations.
  const uint lights = kLights <= kMaxKnownLights ? kLights : view.lights;
  result.direct = vec3(0.0);
  result.unshadowed = vec3(0.0);
  for (uint i = 0u; i < lights; ++i) {
    GpuLight light = view.light[i];
    Arriving a = arriving_from(light, s.position);
    // A normal map or smooth normals must not light what faces away.
    Float faces = smoothstep(Float(0.0), Float(0.1), dot(s.geometric, a.from));
    if (!any_lane(faces > 0.0)) continue;
    vec3 open_light = faces * a.light * reflected(r, n, v, a.from, a.spread);
    result.unshadowed += open_light;
    result.direct +=
        open_light *
        (kShadows ? lit_fraction(light, s.position, s.geometric, pixel) *
                        gobo_fraction(view.gobo[i], s.position, pixel)
                  : Float(1.0));
  }
  result.radiance = result.ambient + result.direct + b.emissive;
  return result;
}

// The ground as a shadow catcher: black, as opaque as the share of light that it is denied.
vec4 caught_shadow(Lit light) {
  Float full = dot(light.unshadowed, vec3(1.0)) +
               dot(light.ambient, vec3(1.0)) / max(light.open, 0.05);
  Float left = dot(light.direct + light.ambient, vec3(1.0));
  return vec4(vec3(0.0), clamp(1.0 - left / max(full, 1e-6), 0.0, 1.0));
}

// Straight alpha over straight alpha.
vec4 over(vec4 front, vec4 back) {
  Float alpha = front.w + back.w * (1.0 - front.w);
  vec3 sum = xyz(front) * front.w + xyz(back) * back.w * (1.0 - front.w);
  return vec4(pick(alpha > 0.0, sum / max(alpha, 1e-9), vec3(0.0)), alpha);
}

// What surface `s` shows alone: linear, straight alpha.
vec4 shown_by(Surface s, vec2 pixel) {
  Lit light = lit(s, pixel);
  vec4 shown = vec4(tone(vec3(view.exposure) * light.radiance), light.alpha);
  if (!kSeeThrough) return shown;
  return pick(materials[s.material].base.x == kShadowCatcher, caught_shadow(light), shown);
}

// What a sample shows whose nearest surface is `s`, and whose nearest opaque one is `below`.
vec4 shaded(Surface s, Uint visibility, Uint below, vec2 pixel) {
  vec4 front = shown_by(s, pixel);
  if (!kSeeThrough) return front;
  vec4 back = background_at(pixel);
  Bool apart = below != 0u && below != visibility;
  if (any_lane(apart)) {
    Surface t = surface_at(pick(apart, below, visibility), pixel, kMaps > 0u, kMaps > 1u);
    back = pick(apart, over(shown_by(t, pixel), back), back);
  }
  return over(front, back);
}

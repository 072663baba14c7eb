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

Lit lit(Surface s, vec2 pixel) {
  GpuMaterial m = materials[s.material];
  bool finish = kFinish && any_lane(m.emission.z != 0u);
  if (finish) s = rescaled(s, m.emission.z);
  Base b = base_of(m, s);
  if (finish) b = finished(b, s, m.emission.z);
  b.roughness = clamp(b.roughness, 0.045, 1.0);
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

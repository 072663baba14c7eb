// glTF's metallic-roughness model: GGX reflection over a Lambertian base. Shared with C++: see
// lanes.glsl.

// Directional albedo of GGX as scale and bias on F0. Source: Karis, Physically Based Shading on
// Mobile, 2014 (after Lazarov 2013).
vec2 reflectance_terms(Float roughness, Float cos_view) {
  Float rx = 1.0 - roughness;
  Float ry = 0.0425 - 0.0275 * roughness;
  Float rz = 1.04 - 0.572 * roughness;
  Float rw = 0.022 * roughness - 0.04;
  Float a = min(rx * rx, exp2(-9.28 * cos_view)) * rx + ry;
  return vec2(rz - 1.04 * a, rw + 1.04 * a);
}

struct Reflector {
  vec3 diffuse;   // albedo of the Lambertian base
  vec3 f0;        // reflectance head on
  vec3 specular;  // directional albedo towards the viewer, several bounces included
  Float alpha;    // roughness squared
};

// Energy: single-scattering GGX loses light at high roughness; Turquin's factor returns it.
// Source: Turquin, Practical Multiple Scattering Compensation for Microfacet Models, 2019.
Reflector reflector(vec3 base, Float metallic, Float roughness, Float cos_view) {
  Reflector r;
  r.f0 = mix(vec3(0.04), base, metallic);
  vec2 terms = reflectance_terms(roughness, cos_view);
  Float single = clamp(terms.x + terms.y, 0.05, 1.0);
  vec3 compensation = vec3(1.0) + r.f0 * (1.0 / single - 1.0);
  r.specular = min((r.f0 * terms.x + vec3(terms.y)) * compensation, vec3(1.0));
  r.diffuse = base * (1.0 - metallic) * (vec3(1.0) - r.specular);
  r.alpha = roughness * roughness;
  return r;
}

// BRDF times the cosine, for a light that subtends `spread` (radians or size over distance): a
// wider light blurs its highlight. Source: Karis, Real Shading in Unreal Engine 4, 2013.
vec3 reflected(Reflector r, vec3 n, vec3 v, vec3 l, Float spread) {
  const float pi = 3.14159265;
  Float cos_light = max(dot(n, l), 0.0);
  Float cos_view = max(dot(n, v), 1e-3);
  vec3 h = normalize(v + l);
  Float cos_half = max(dot(n, h), 0.0);
  Float cos_vh = max(dot(v, h), 0.0);
  Float alpha = max(r.alpha, 2e-3);
  Float wide = clamp(alpha + 0.5 * spread, 0.0, 1.0);
  Float a2 = wide * wide;
  Float d = cos_half * cos_half * (a2 - 1.0) + 1.0;
  // The widened lobe keeps the narrow one's energy: times alpha^2 / a2.
  Float distribution = alpha * alpha / (pi * d * d);
  Float k2 = alpha * alpha;
  Float visibility = 0.5 / (cos_light * sqrt(cos_view * cos_view * (1.0 - k2) + k2) +
                            cos_view * sqrt(cos_light * cos_light * (1.0 - k2) + k2) + 1e-5);
  Float m = 1.0 - cos_vh;
  Float m2 = m * m;
  vec3 fresnel = r.f0 + (vec3(1.0) - r.f0) * (m2 * m2 * m);
  return (r.diffuse / pi + distribution * visibility * fresnel) * cos_light;
}

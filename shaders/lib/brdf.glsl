// glTF's metallic-roughness model: GGX reflection over a Lambertian base.

const float kPi = 3.14159265359;

// Directional albedo of GGX as scale and bias on F0. Source: Karis, Physically Based Shading on
// Mobile, 2014 (after Lazarov 2013).
vec2 reflectance_terms(float roughness, float cos_view) {
  const vec4 c0 = vec4(-1.0, -0.0275, -0.572, 0.022);
  const vec4 c1 = vec4(1.0, 0.0425, 1.04, -0.04);
  vec4 r = roughness * c0 + c1;
  float a = min(r.x * r.x, exp2(-9.28 * cos_view)) * r.x + r.y;
  return vec2(-1.04, 1.04) * a + r.zw;
}

struct Reflector {
  vec3 diffuse;   // albedo of the Lambertian base
  vec3 f0;        // reflectance head on
  vec3 specular;  // directional albedo towards the viewer, several bounces included
  float alpha;    // roughness squared
};

// Energy: single-scattering GGX loses light at high roughness; Turquin's factor returns it.
// Source: Turquin, Practical Multiple Scattering Compensation for Microfacet Models, 2019.
Reflector reflector(vec3 base, float metallic, float roughness, float cos_view) {
  Reflector r;
  r.f0 = mix(vec3(0.04), base, metallic);
  vec2 terms = reflectance_terms(roughness, cos_view);
  float single = clamp(terms.x + terms.y, 0.05, 1.0);
  vec3 compensation = 1.0 + r.f0 * (1.0 / single - 1.0);
  r.specular = min((r.f0 * terms.x + terms.y) * compensation, vec3(1.0));
  r.diffuse = base * (1.0 - metallic) * (1.0 - r.specular);
  r.alpha = roughness * roughness;
  return r;
}

// BRDF times the cosine, for a light that subtends `spread` (radians or size over distance): a
// wider light blurs its highlight. Source: Karis, Real Shading in Unreal Engine 4, 2013.
vec3 reflected(Reflector r, vec3 n, vec3 v, vec3 l, float spread) {
  float cos_light = max(dot(n, l), 0.0);
  float cos_view = max(dot(n, v), 1e-3);
  vec3 h = normalize(v + l);
  float cos_half = max(dot(n, h), 0.0);
  float cos_vh = max(dot(v, h), 0.0);
  float alpha = max(r.alpha, 2e-3);
  float wide = clamp(alpha + 0.5 * spread, 0.0, 1.0);
  float a2 = wide * wide;
  float d = cos_half * cos_half * (a2 - 1.0) + 1.0;
  // The widened lobe keeps the narrow one's energy.
  float distribution = a2 / (kPi * d * d) * (alpha * alpha) / a2;
  float k2 = alpha * alpha;
  float visibility = 0.5 / (cos_light * sqrt(cos_view * cos_view * (1.0 - k2) + k2) +
                            cos_view * sqrt(cos_light * cos_light * (1.0 - k2) + k2) + 1e-5);
  float m = 1.0 - cos_vh;
  float m2 = m * m;
  vec3 fresnel = r.f0 + (1.0 - r.f0) * (m2 * m2 * m);
  return (r.diffuse / kPi + distribution * visibility * fresnel) * cos_light;
}

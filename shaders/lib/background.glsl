// What is seen where no surface is: linear, straight alpha. Needs sky.glsl, texture.glsl,
// surface.glsl.

vec4 background_at(vec2 pixel) {
  if (kKind == kBackgroundSky) {
    return vec4(tone(view.exposure * sky_radiance(normalize(ray_through(pixel)))), 1.0);
  }
  if (kKind == kBackgroundPhoto) {
    vec2 uv = 0.5 + (pixel - 0.5 * vec2(view.width, view.height)) * view.photo_scale;
    vec4 footprint = vec4(view.photo_scale.x, 0.0, 0.0, view.photo_scale.y);
    return vec4(sampled(view.photo, uv, footprint, true).rgb, 1.0);
  }
  return view.background_color;
}

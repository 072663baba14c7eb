// What is seen where no surface is: linear, straight alpha. Needs sky.glsl, texture.glsl,
// surface.glsl. Shared with C++: see lanes.glsl.

vec4 background_at(vec2 pixel) {
  if (kKind == kBackgroundSky) {
    vec3 ray = ray_through(pixel);
    vec3 sky = tone(vec3(view.exposure) * sky_radiance(normalize(ray)));
    if (kLens) sky = pick(is_seen(ray), sky, vec3(0.0));  // beyond the lens's field it is dark
    return vec4(sky, Float(1.0));
  }
  if (kKind == kBackgroundPhoto) {
    vec2 uv = vec2(0.5 + (pixel.x - 0.5 * float(view.width)) * view.photo_scale.x,
                   0.5 + (pixel.y - 0.5 * float(view.height)) * view.photo_scale.y);
    vec4 footprint =
        vec4(Float(view.photo_scale.x), Float(0.0), Float(0.0), Float(view.photo_scale.y));
    Texture photo = texture_of(view.photo.first_texel, view.photo.packed);
    return vec4(xyz(sampled(photo, uv, footprint, true)), Float(1.0));
  }
  return vec4(view.background_color);
}

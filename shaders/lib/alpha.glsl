// Whether a texel of a masked or blended material is there at all. Needs texture.glsl.

bool is_there(uint material, vec2 uv, float vertex_alpha) {
  GpuMaterial m = materials[material];
  float alpha = m.base_color.a * vertex_alpha * alpha_of(m.base_color_texture, uv);
  return alpha >= (m.alpha_mode == kAlphaMask ? m.alpha_cutoff : 1.0 / 255.0);
}

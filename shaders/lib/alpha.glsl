// Whether a texel of a masked or blended material is there at all. Needs texture.glsl.

bool is_there(uint material, vec2 uv, float vertex_alpha) {
  uvec4 base = materials[material].base;
  float alpha =
      materials[material].base_color.a * vertex_alpha * alpha_of(texture_of(base.z, base.w), uv);
  return alpha >= (base.x == kAlphaMask ? materials[material].surface.w : 1.0 / 255.0);
}

// The sample lattice. At rate 2 the samples stand half a pixel apart, (2w+1) × (2h+1) of them, and
// those with two odd coordinates are the pixel centres that labels are read from; at rate 1 there
// are only the centres. Needs bindings.glsl.

layout(set = 0, binding = BIND_WORK, scalar) buffer Work {
  List lists[kLists];
  uint wanted[];  // one bit per lattice sample: it is on the list of samples already
};
layout(set = 0, binding = BIND_SAMPLES, scalar) buffer Samples { uint entries[]; };

uvec2 lattice_size() {
  return view.rate == 2u ? uvec2(2u * view.width + 1u, 2u * view.height + 1u)
                         : uvec2(view.width, view.height);
}
ivec2 centre_of(uvec2 pixel) { return ivec2(view.rate == 2u ? 2u * pixel + 1u : pixel); }
vec2 pixel_position(uvec2 lattice) {
  return view.rate == 2u ? vec2(lattice) * 0.5 : vec2(lattice) + 0.5;
}

// Cells of the occlusion pass, one for every second pixel each way, that cover the view's bounds.
uvec4 occlusion_bounds() { return uvec4(view.bounds.xy / 2u, (view.bounds.zw + 1u) / 2u); }

// The list that a sample with this visibility value belongs to.
uint list_of(uint visibility) {
  return (visibility >> view.primitive_bits) - 1u >= view.plain_from ? kListPlainSamples
                                                                     : kListSamples;
}

// Where the lists begin in `entries`; a list of samples can hold the whole lattice.
uint first_of(uint list) {
  uvec2 size = lattice_size();
  uint samples = size.x * size.y;
  return list == kListSamples        ? 0u
         : list == kListPlainSamples ? samples
                                     : 2u * samples;
}

void append(uint list, uint entry) {
  entries[first_of(list) + atomicAdd(lists[list].count, 1u)] = entry;
}

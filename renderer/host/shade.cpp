// Compiled once for each kind of processor: whatever this file defines beyond shade_view() must be
// inlined, or processors of another kind could be handed it by the linker. So no containers here.

#include <cstring>

#include "renderer/host/shader.hpp"
#include "renderer/host/shading.hpp"

namespace orrery::host::LANES {
namespace {

/// A place of the lattice, or a pixel, in one word.
LANES_INLINE std::uint32_t place(std::uint32_t x, std::uint32_t y) { return y << 16U | x; }
LANES_INLINE Uint x_of(Uint place) { return place & 0xFFFFU; }
LANES_INLINE Uint y_of(Uint place) { return place >> 16U; }

struct Edge {
  std::uint32_t pixel;   // place
  std::uint32_t centre;  // on the list of samples
};

/// What the stages hand to each other.
struct Work {
  const ShadingJob& job;
  const shader::ViewConstants& view;
  std::uint32_t rate;
  std::uint32_t stride;   // of the lattice
  std::uint32_t columns;  // of the occlusion cells
  std::uint32_t rows;
  std::uint32_t* samples;  // places, listed
  float* sample_colors;    // linear, straight alpha; four a listed sample
  std::uint32_t* listed;   // where a lattice sample stands on the list, if it does
  Edge* edges;
  float* nearness;  // pixels
  float* raw_cells;
  float* smooth_cells;
  std::uint32_t sample_count = 0;
  std::uint32_t centre_count = 0;  // samples at a pixel's centre come first
  std::uint32_t edge_count = 0;

  std::size_t lattice_index(std::uint32_t at) const {
    return std::size_t{at >> 16U} * stride + (at & 0xFFFFU);
  }
  /// Of a pixel's centre.
  std::uint32_t centre_of(std::uint32_t x, std::uint32_t y) const {
    return rate == 2 ? place(2 * x + 1, 2 * y + 1) : place(x, y);
  }
};

Work work_for(const ShadingJob& job) {
  const shader::ViewConstants& view = *job.view;
  const std::size_t pixels = std::size_t{view.width} * view.height;
  Work w{.job = job,
         .view = view,
         .rate = view.rate,
         .stride = view.rate == 2 ? 2 * view.width + 1 : view.width,
         .columns = (view.width + 1) / 2,
         .rows = (view.height + 1) / 2,
         .samples = job.scratch,
         .sample_colors = nullptr,
         .listed = nullptr,
         .edges = nullptr,
         .nearness = nullptr,
         .raw_cells = nullptr,
         .smooth_cells = nullptr};
  const std::size_t lattice =
      std::size_t{w.stride} * (view.rate == 2 ? 2 * view.height + 1 : view.height);
  std::uint32_t* free = job.scratch;
  const auto take = [&](std::size_t words) {
    std::uint32_t* taken = free;
    free += words + kPadding;
    return taken;
  };
  w.samples = take(lattice);
  w.sample_colors = reinterpret_cast<float*>(take(4 * lattice));
  w.listed = take(lattice);
  w.edges = reinterpret_cast<Edge*>(take(2 * pixels));
  w.nearness = reinterpret_cast<float*>(take(pixels));
  w.raw_cells = reinterpret_cast<float*>(take(std::size_t{2} * w.columns * w.rows));
  w.smooth_cells = reinterpret_cast<float*>(take(std::size_t{2} * w.columns * w.rows));
  return w;
}

Shader shader_for(const Work& w) {
  const ShadingJob& job = w.job;
  return {.view = w.view,
          .draws = {job.draws},
          .materials = {job.materials},
          .finishes = {job.finishes},
          .vertex_words = {job.vertices},
          .triangles = {job.triangles},
          .texels = {job.texels},
          .sky_quads = {job.sky_quads},
          .shadow_maps = {job.shadow_maps},
          .shadow_tiles = {job.shadow_tiles},
          .nearness = {w.nearness},
          .raw_cells = {w.raw_cells},
          .smooth_cells = {w.smooth_cells},
          .lens_slopes = {job.lens_slopes},
          .kMaps = job.maps,
          .kLens = job.lens_slopes != nullptr,
          .kShadows = job.shadows,
          .kOcclusion = job.occlusion,
          .kSeeThrough = job.opaque_visibility != nullptr,
          .kKind = w.view.background,
          .kLights = shader::kMaxKnownLights + 1,
          .kFinish = job.finishes != nullptr};
}

/// The lanes of a run of fewer than kLanes elements repeat its last one.
LANES_INLINE Uint indices_from(std::uint32_t first, std::uint32_t end) {
  return min(lane_index() + first, end - 1);
}

/// Every `rate`-th of the values from `from` on.
LANES_INLINE Float strided(const float* from, std::uint32_t rate) {
  const FloatV a = LANES_OP(loadu_ps)(from);
  return Float(rate == 1 ? a : every_second(a, LANES_OP(loadu_ps)(from + kLanes)));
}

[[gnu::flatten]] void clear(const Work& w, Shader& shader) {
  const std::uint32_t pixels = w.view.width * w.view.height;
  std::memset(w.job.id, 0, std::size_t{pixels} * 2);
  std::memset(w.job.depth, 0, std::size_t{pixels} * 4);
  std::memset(w.nearness, 0, std::size_t{pixels} * 4);
  if (w.job.normal) std::memset(w.job.normal, 0, std::size_t{pixels} * 4);
  if (w.job.occlusion) {
    std::memset(w.raw_cells, 0, std::size_t{w.columns} * w.rows * 8);
    std::memset(w.smooth_cells, 0, std::size_t{w.columns} * w.rows * 8);
  }
  const bool image = w.view.background == kBackgroundSky || w.view.background == kBackgroundPhoto;
  if (!image) {
    for (std::uint32_t i = 0; i < pixels; ++i) w.job.color[i] = w.job.background_srgb;
    return;
  }
  for (std::uint32_t y = 0; y < w.view.height; ++y) {
    std::uint32_t* row = w.job.color + std::size_t{y} * w.view.width;
    for (std::uint32_t x = 0; x < w.view.width; x += kLanes) {
      const vec2 pixel(Float(lane_index() + x) + 0.5F, static_cast<float>(y) + 0.5F);
      const Uint color = shader.srgb_from_linear(shader.background_at(pixel));
      std::uint32_t part[kLanes];
      store(part, color);
      const std::uint32_t left = w.view.width - x;
      std::memcpy(row + x, part, (left < kLanes ? left : kLanes) * sizeof *part);
    }
  }
}

/// Lists every pixel centre that has a surface, and the pixels on an edge: depth over the lattice
/// is linear in the image on any plane, so its second difference finds outlines and creases alike.
[[gnu::flatten]] void classify(Work& w) {
  constexpr float kBend = 0.5F;  // of slope over a pixel: a crease worth more samples
  const glm::uvec4 bounds = w.view.bounds;
  const Float threshold = kBend * 0.5F / w.view.fx;
  for (std::uint32_t y = bounds.y; y < bounds.w; ++y) {
    for (std::uint32_t x = bounds.x; x < bounds.z; x += kLanes) {
      const std::uint32_t at = w.centre_of(x, y);
      const float* near = w.job.nearness + w.lattice_index(at);
      const Float z = strided(near, w.rate);
      const std::uint32_t left = bounds.z - x;
      const std::uint32_t wanted = left < kLanes ? (1U << left) - 1U : ~0U;
      store_first(w.nearness + std::size_t{y} * w.view.width + x, z.v, left);
      const std::uint32_t there = mask_bits((z > 0.0F).mask) & wanted;
      std::uint32_t edges = 0;
      if (w.job.antialias) {
        const Float before = strided(near - 1, w.rate);
        const Float after = strided(near + 1, w.rate);
        const Float above = strided(near - w.stride, w.rate);
        const Float below = strided(near + w.stride, w.rate);
        const Float bend = max(abs(before - 2.0F * z + after), abs(above - 2.0F * z + below));
        const Float nearest = max(max(max(before, after), max(above, below)), z);
        edges = mask_bits((bend > nearest * threshold).mask) & wanted;
      }
      for (std::uint32_t bits = there | edges; bits != 0; bits &= bits - 1) {
        const auto k = static_cast<std::uint32_t>(__builtin_ctz(bits));
        if (edges >> k & 1U) w.edges[w.edge_count++] = {place(x + k, y), w.sample_count};
        if (there >> k & 1U) w.samples[w.sample_count++] = at + k * w.rate;
      }
    }
  }
}

/// Lists the eight samples around each edge pixel's centre, once each. A sample is on the list if
/// the entry that `listed` names is the sample itself, whatever an earlier view left there.
void list_edge_samples(Work& w) {
  for (std::uint32_t e = 0; e < w.edge_count; ++e) {
    const std::uint32_t pixel = w.edges[e].pixel;
    const std::uint32_t centre = w.centre_of(pixel & 0xFFFFU, pixel >> 16U);
    for (std::uint32_t k = 0; k < 9; ++k) {
      const std::uint32_t at = centre + k % 3 - 1 + ((k / 3) << 16U) - (1U << 16U);
      const std::size_t i = w.lattice_index(at);
      if (k == 4 || w.job.visibility[i] == 0) continue;
      const std::uint32_t known = w.listed[i];
      if (known < w.sample_count && w.samples[known] == at) continue;
      w.listed[i] = w.sample_count;
      w.samples[w.sample_count++] = at;
    }
  }
}

[[gnu::flatten]] void occlude(const Work& w, Shader& shader) {
  const glm::uvec4 b = w.view.bounds;
  const std::uint32_t end = (b.z + 1) / 2;
  for (std::uint32_t y = b.y / 2; y < (b.w + 1) / 2; ++y) {
    for (std::uint32_t x = b.x / 2; x < end; x += kLanes) {
      const Uint columns = indices_from(x, end);
      std::uint32_t found[kLanes];
      std::uint32_t some = 0;
      for (std::uint32_t k = 0; k < kLanes; ++k) {
        const std::uint32_t column = x + k < end ? x + k : end - 1;
        // The pixel of the first cell may lie just outside the bounds, where the lattice is stale.
        const bool inside = 2 * column >= b.x && 2 * y >= b.y;
        found[k] = inside ? w.job.visibility[w.lattice_index(w.centre_of(2 * column, 2 * y))] : 0;
        some = found[k] != 0 ? found[k] : some;
      }
      if (some == 0) continue;
      const Uint here = load(found);
      const vec2 cell =
          shader.occlusion_cell(pick(here == 0U, Uint(some), here), uvec2{columns, y});
      float open[kLanes];
      float depth[kLanes];
      store(open, cell.x);
      store(depth, cell.y);
      for (std::uint32_t k = 0; k < kLanes && x + k < end; ++k) {
        if (found[k] == 0) continue;
        float* out = w.raw_cells + (std::size_t{y} * w.columns + x + k) * 2;
        out[0] = open[k];
        out[1] = depth[k];
      }
    }
  }
}

[[gnu::flatten]] void blur_occlusion(const Work& w, Shader& shader) {
  const glm::uvec4 b = w.view.bounds;
  const std::uint32_t end = (b.z + 1) / 2;
  for (std::uint32_t y = b.y / 2; y < (b.w + 1) / 2; ++y) {
    for (std::uint32_t x = b.x / 2; x < end; x += kLanes) {
      const Int columns(indices_from(x, end));
      const Int row(static_cast<std::int32_t>(y));
      const vec2 here = shader.raw_cell(columns, row);
      if (!any_lane(here.y > 0.0F)) continue;
      const vec2 cell = shader.blurred_cell(here, columns, row);
      float open[kLanes];
      float depth[kLanes];
      store(open, cell.x);
      store(depth, here.y);
      for (std::uint32_t k = 0; k < kLanes && x + k < end; ++k) {
        float* out = w.smooth_cells + (std::size_t{y} * w.columns + x + k) * 2;
        out[0] = depth[k] > 0.0F ? open[k] : 0.0F;
        out[1] = depth[k];
      }
    }
  }
}

/// Writes what the lanes hold of the listed samples from `first` on: a sample at a pixel's centre
/// is also that pixel's colour and labels.
LANES_INLINE void keep(const Work& w, std::uint32_t first, Shader& shader, vec4 shown,
                       const Shader::Surface& s) {
  const Uint color = shader.srgb_from_linear(shown);
  const Uint normal = w.job.normal ? shader.pack_normal(s.normal) : Uint(0U);
  const auto index_of = [&](std::uint32_t at) {
    return std::size_t{at >> 16U} / w.rate * w.view.width + (at & 0xFFFFU) / w.rate;
  };
  const std::uint32_t front = w.samples[first];
  // Eight centres side by side are the common case.
  if (first + kLanes <= w.centre_count &&
      all_equal(load(w.samples + first) - lane_index() * w.rate)) {
    const std::size_t o = index_of(front);
    store(w.job.color + o, color);
    store(w.job.depth + o, s.position.z);
    store_halves(w.job.id + o, s.id.v);
    if (w.job.normal) store(w.job.normal + o, normal);
    return;
  }
  std::uint32_t colors[kLanes];
  std::uint32_t ids[kLanes];
  std::uint32_t normals[kLanes];
  float depths[kLanes];
  store(colors, color);
  store(ids, s.id);
  store(depths, s.position.z);
  store(normals, normal);
  for (std::uint32_t k = 0; k < kLanes && first + k < w.centre_count; ++k) {
    const std::size_t o = index_of(w.samples[first + k]);
    w.job.color[o] = colors[k];
    w.job.id[o] = static_cast<std::uint16_t>(ids[k]);
    w.job.depth[o] = depths[k];
    if (w.job.normal) w.job.normal[o] = normals[k];
  }
}

[[gnu::flatten]] void shade(const Work& w, Shader& shader) {
  for (std::uint32_t first = 0; first < w.sample_count; first += kLanes) {
    const Uint at = gathered(w.samples, indices_from(first, w.sample_count));
    const Uint index = y_of(at) * w.stride + x_of(at);
    const Uint here = gathered(w.job.visibility, index);
    const float scale = w.rate == 2 ? 0.5F : 1.0F;
    const float shift = w.rate == 2 ? 0.0F : 0.5F;
    const vec2 pixel(Float(x_of(at)) * scale + shift, Float(y_of(at)) * scale + shift);
    const bool textured = any_lane((here >> w.view.primitive_bits) <= w.view.plain_from);
    shader.kMaps = textured ? w.job.maps : 0;
    const Shader::Surface s = shader.surface_at(here, pixel, shader.kMaps > 0, shader.kMaps > 1);
    Uint below(0U);
    if (w.job.opaque_visibility) {
      below = gathered(w.job.opaque_visibility, index);
      shader.kMaps = w.job.maps;  // what is behind may be textured
    }
    const vec4 shown = shader.shaded(s, here, below, pixel);
    if (w.job.antialias) store_quads(w.sample_colors + std::size_t{first} * 4, shown);
    keep(w, first, shader, shown, s);
  }
}

/// An edge pixel is the tent-weighted mean of its nine samples, after the tone curve so that a
/// bright highlight cannot outweigh its neighbours.
[[gnu::flatten]] void resolve(const Work& w, Shader& shader) {
  const auto* words = reinterpret_cast<const std::uint32_t*>(w.edges);
  for (std::uint32_t first = 0; first < w.edge_count; first += kLanes) {
    const Uint entry = indices_from(first, w.edge_count) * 2U;
    const Uint pixel = gathered(words, entry);
    const Uint x = x_of(pixel);
    const Uint y = y_of(pixel);
    const vec4 back = shader.background_at(vec2(Float(x) + 0.5F, Float(y) + 0.5F));
    vec4 sum(0.0F);  // premultiplied
    for (std::uint32_t k = 0; k < 9; ++k) {
      const Uint index = (y * 2U + k / 3) * w.stride + (x * 2U + k % 3);
      const Bool nothing = gathered(w.job.visibility, index) == 0U;
      const Uint listed = k == 4 ? gathered(words + 1, entry) : gathered(w.listed, index);
      const Uint i = pick(nothing, Uint(0U), listed) * 4U;
      const float* colors = w.sample_colors;
      const vec4 shown(gathered(colors, i), gathered(colors + 1, i), gathered(colors + 2, i),
                       gathered(colors + 3, i));
      const vec4 c = pick(nothing, back, shown);
      const float across = k % 3 == 1 ? 2.0F : 1.0F;
      const float down = k / 3 == 1 ? 2.0F : 1.0F;
      const float weight = across * down / 16.0F;
      sum += weight * vec4(xyz(c) * c.w, c.w);
    }
    const vec3 straight = xyz(sum) / max(sum.w, 1e-9F);
    std::uint32_t color[kLanes];
    std::uint32_t places[kLanes];
    store(color, shader.srgb_from_linear(vec4(straight, sum.w)));
    store(places, pixel);
    for (std::uint32_t k = 0; k < kLanes && first + k < w.edge_count; ++k) {
      w.job.color[std::size_t{places[k] >> 16U} * w.view.width + (places[k] & 0xFFFFU)] = color[k];
    }
  }
}

}  // namespace

void shade_view(const ShadingJob& job) {
  Work w = work_for(job);
  Shader shader = shader_for(w);
  clear(w, shader);
  classify(w);
  w.centre_count = w.sample_count;
  if (job.antialias) list_edge_samples(w);
  if (job.occlusion) {
    occlude(w, shader);
    blur_occlusion(w, shader);
  }
  shade(w, shader);
  if (job.antialias) resolve(w, shader);
}

}  // namespace orrery::host::LANES

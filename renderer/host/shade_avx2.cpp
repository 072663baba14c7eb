// Compiled for AVX2, FMA and F16C: whatever this file defines beyond shade_avx2() must be inlined, or
// processors without them could be handed it by the linker. So no containers here.

#include <cstring>

#include "renderer/host/shader.hpp"
#include "renderer/host/shading.hpp"

namespace orrery::host {
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
          .vertex_words = {job.vertices},
          .triangles = {job.triangles},
          .texels = {job.texels},
          .sky_quads = {job.sky_quads},
          .shadow_maps = {job.shadow_maps},
          .nearness = {w.nearness},
          .raw_cells = {w.raw_cells},
          .smooth_cells = {w.smooth_cells},
          .kMaps = job.maps,
          .kShadows = job.shadows,
          .kOcclusion = job.occlusion,
          .kSeeThrough = job.opaque_visibility != nullptr,
          .kKind = w.view.background,
          .kLights = shader::kMaxKnownLights + 1};
}

/// The lanes of a run of fewer than kLanes elements repeat its last one.
LANES_INLINE Uint indices_from(std::uint32_t first, std::uint32_t end) {
  return min(lane_index() + first, end - 1);
}

LANES_INLINE void store(std::uint32_t* to, Uint x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), x.v);
}
LANES_INLINE void store(float* to, Float x) { _mm256_storeu_ps(to, x.v); }
LANES_INLINE Uint load(const std::uint32_t* from) {
  return Uint(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

/// Every `rate`-th of the values from `from` on.
LANES_INLINE Float strided(const float* from, std::uint32_t rate) {
  const __m256 a = _mm256_loadu_ps(from);
  if (rate == 1) return Float(a);
  const __m256 b = _mm256_loadu_ps(from + kLanes);
  return Float(_mm256_castpd_ps(_mm256_permute4x64_pd(
      _mm256_castps_pd(_mm256_shuffle_ps(a, b, _MM_SHUFFLE(2, 0, 2, 0))), 0xD8)));
}

LANES_INLINE std::uint32_t bits_of(Bool b) {
  return static_cast<std::uint32_t>(_mm256_movemask_ps(b.mask));
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
  const bool image =
      w.view.background == kBackgroundSky || w.view.background == kBackgroundPhoto;
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

/// Lists every pixel centre that has a surface, and the pixels on an edge: depth over the lattice is
/// linear in the image on any plane, so its second difference finds outlines and creases alike.
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
      const std::uint32_t wanted = left < kLanes ? (1U << left) - 1U : 0xFFU;
      float* out = w.nearness + std::size_t{y} * w.view.width + x;
      _mm256_maskstore_ps(
          out, _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(left)), lane_index().v), z.v);
      const std::uint32_t there = bits_of(z > 0.0F) & wanted;
      std::uint32_t edges = 0;
      if (w.job.antialias) {
        const Float before = strided(near - 1, w.rate);
        const Float after = strided(near + 1, w.rate);
        const Float above = strided(near - w.stride, w.rate);
        const Float below = strided(near + w.stride, w.rate);
        const Float bend =
            max(abs(before - 2.0F * z + after), abs(above - 2.0F * z + below));
        const Float nearest = max(max(max(before, after), max(above, below)), z);
        edges = bits_of(bend > nearest * threshold) & wanted;
      }
      for (std::uint32_t bits = there | edges; bits != 0; bits &= bits - 1) {
        const auto k = static_cast<std::uint32_t>(__builtin_ctz(bits));
        if (edges >> k & 1U) w.edges[w.edge_count++] = {place(x + k, y), w.sample_count};
        if (there >> k & 1U) w.samples[w.sample_count++] = at + k * w.rate;
      }
    }
  }
}

/// Lists the eight samples around each edge pixel's centre, once each. A sample is on the list if the
/// entry that `listed` names is the sample itself, whatever an earlier view left there.
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
        found[k] = inside
                       ? w.job.visibility[w.lattice_index(w.centre_of(2 * column, 2 * y))]
                       : 0;
        some = found[k] != 0 ? found[k] : some;
      }
      if (some == 0) continue;
      const Uint here = load(found);
      const vec2 cell = shader.occlusion_cell(pick(here == 0U, Uint(some), here),
                                              uvec2{columns, y});
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

/// Writes what the lanes hold of the listed samples from `first` on: a sample at a pixel's centre is
/// also that pixel's colour and labels.
LANES_INLINE void keep(const Work& w, std::uint32_t first, Shader& shader, vec4 shown,
                       const Shader::Surface& s) {
  std::uint32_t color[kLanes];
  std::uint32_t id[kLanes];
  std::uint32_t normal[kLanes];
  float depth[kLanes];
  store(color, shader.srgb_from_linear(shown));
  store(id, s.id);
  store(depth, s.position.z);
  if (w.job.normal) store(normal, shader.pack_normal(s.normal));
  for (std::uint32_t k = 0; k < kLanes && first + k < w.sample_count; ++k) {
    const std::uint32_t at = w.samples[first + k];
    std::uint32_t x = at & 0xFFFFU;
    std::uint32_t y = at >> 16U;
    if (w.rate == 2) {
      if ((x & y & 1U) == 0) continue;
      x /= 2;
      y /= 2;
    }
    const std::size_t o = std::size_t{y} * w.view.width + x;
    w.job.color[o] = color[k];
    w.job.id[o] = static_cast<std::uint16_t>(id[k]);
    w.job.depth[o] = depth[k];
    if (w.job.normal) w.job.normal[o] = normal[k];
  }
}

LANES_INLINE void store_colors(float* to, vec4 c) {
  const __m256 xy_low = _mm256_unpacklo_ps(c.x.v, c.y.v);
  const __m256 xy_high = _mm256_unpackhi_ps(c.x.v, c.y.v);
  const __m256 zw_low = _mm256_unpacklo_ps(c.z.v, c.w.v);
  const __m256 zw_high = _mm256_unpackhi_ps(c.z.v, c.w.v);
  const __m256 of[4] = {_mm256_shuffle_ps(xy_low, zw_low, 0x44),
                        _mm256_shuffle_ps(xy_low, zw_low, 0xEE),
                        _mm256_shuffle_ps(xy_high, zw_high, 0x44),
                        _mm256_shuffle_ps(xy_high, zw_high, 0xEE)};
  for (int k = 0; k < 4; ++k) {
    _mm_storeu_ps(to + std::ptrdiff_t{4} * k, _mm256_castps256_ps128(of[k]));
    _mm_storeu_ps(to + std::ptrdiff_t{4} * (k + 4), _mm256_extractf128_ps(of[k], 1));
  }
}

[[gnu::flatten]] void shade(const Work& w, Shader& shader) {
  const bool textured = w.job.maps > 0;
  for (std::uint32_t first = 0; first < w.sample_count; first += kLanes) {
    const Uint at = gathered(w.samples, indices_from(first, w.sample_count));
    const Uint index = y_of(at) * w.stride + x_of(at);
    const Uint here = gathered(w.job.visibility, index);
    const float scale = w.rate == 2 ? 0.5F : 1.0F;
    const float shift = w.rate == 2 ? 0.0F : 0.5F;
    const vec2 pixel(Float(x_of(at)) * scale + shift, Float(y_of(at)) * scale + shift);
    const Shader::Surface s = shader.surface_at(here, pixel, textured, w.job.maps > 1);
    const Uint below =
        w.job.opaque_visibility ? gathered(w.job.opaque_visibility, index) : Uint(0U);
    const vec4 shown = shader.shaded(s, here, below, pixel);
    if (w.job.antialias) store_colors(w.sample_colors + std::size_t{first} * 4, shown);
    keep(w, first, shader, shown, s);
  }
}

/// An edge pixel is the tent-weighted mean of its nine samples, after the tone curve so that a bright
/// highlight cannot outweigh its neighbours.
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
      const Uint listed =
          k == 4 ? gathered(words + 1, entry) : gathered(w.listed, index);
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

void shade_avx2(const ShadingJob& job) {
  Work w = work_for(job);
  Shader shader = shader_for(w);
  clear(w, shader);
  classify(w);
  if (job.antialias) list_edge_samples(w);
  if (job.occlusion) {
    occlude(w, shader);
    blur_occlusion(w, shader);
  }
  shade(w, shader);
  if (job.antialias) resolve(w, shader);
}

}  // namespace orrery::host

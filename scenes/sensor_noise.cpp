#include "scenes/sensor_noise.hpp"

#include <bit>
#include <cmath>

namespace orrery {
namespace {

constexpr float kFewElectrons = 8;

/// Between the streams of a channel's normals and of its small counts.
constexpr std::uint32_t kCounts = 16;

/// Ten rounds of Philox4x32 (scenes/random.hpp) on many counters at once, in vector code: word
/// `lane` of counter (block, row, stream, 0) goes to bits[lane · blocks + block].
void fill_with_bits(std::array<std::uint32_t, 2> key, std::uint32_t row, std::uint32_t stream,
                    std::uint32_t* bits, std::size_t blocks) {
  constexpr std::size_t kBatch = 32;
  std::array<std::array<std::uint32_t, kBatch>, 4> c;
  for (std::size_t first = 0; first < blocks; first += kBatch) {
    for (std::size_t i = 0; i < kBatch; ++i) {
      c[0][i] = static_cast<std::uint32_t>(first + i);
      c[1][i] = row;
      c[2][i] = stream;
      c[3][i] = 0;
    }
    auto [k0, k1] = key;
    for (int round = 0; round < 10; ++round) {
      for (std::size_t i = 0; i < kBatch; ++i) {
        const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0][i];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57} * c[2][i];
        c[0][i] = static_cast<std::uint32_t>(b >> 32) ^ c[1][i] ^ k0;
        c[1][i] = static_cast<std::uint32_t>(b);
        c[2][i] = static_cast<std::uint32_t>(a >> 32) ^ c[3][i] ^ k1;
        c[3][i] = static_cast<std::uint32_t>(a);
      }
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
    const std::size_t count = std::min(kBatch, blocks - first);
    for (std::size_t lane = 0; lane < 4; ++lane) {
      std::copy_n(c[lane].begin(), count, bits + lane * blocks + first);
    }
  }
}

/// Natural logarithm of normal numbers to 2 ulp. Source: Moshier, Cephes, logf.
inline float logarithm(float x) {
  // Exponent relative to a mantissa in [sqrt(1/2), sqrt(2)).
  const std::int32_t bits = std::bit_cast<std::int32_t>(x);
  const std::int32_t exponent = (bits - 0x3f3504f3) >> 23;
  const float f = std::bit_cast<float>(bits - (exponent << 23)) - 1;
  float p = 7.0376836292e-2F;
  p = p * f - 1.1514610310e-1F;
  p = p * f + 1.1676998740e-1F;
  p = p * f - 1.2420140846e-1F;
  p = p * f + 1.4249322787e-1F;
  p = p * f - 1.6668057665e-1F;
  p = p * f + 2.0000714765e-1F;
  p = p * f - 2.4999993993e-1F;
  p = p * f + 3.3333331174e-1F;
  return static_cast<float>(exponent) * 0.693147181F + (f - 0.5F * f * f + f * f * f * p);
}

/// 23 bits and a half, in (0, 1): exact, as is 1 minus it.
inline float unit_from_bits(std::uint32_t word) {
  return (static_cast<float>(static_cast<std::int32_t>(word >> 9)) + 0.5F) * 0x1p-23F;
}

/// Giles's central polynomial, for w = -ln(4u(1-u)) < 5.
inline float central_normal(std::uint32_t word) {
  const float u = unit_from_bits(word);
  const float w = -logarithm(4 * u * (1 - u)) - 2.5F;
  float p = 2.81022636e-08F;
  p = 3.43273939e-07F + p * w;
  p = -3.5233877e-06F + p * w;
  p = -4.39150654e-06F + p * w;
  p = 0.00021858087F + p * w;
  p = -0.00125372503F + p * w;
  p = -0.00417768164F + p * w;
  p = 0.246640727F + p * w;
  p = 1.50140941F + p * w;
  return 1.41421356F * p * (2 * u - 1);
}

/// Words whose upper 23 bits are this near to either end lie in the tails: w >= 5.
constexpr std::uint32_t kTail = 14154;

float tail_normal(std::uint32_t word) {
  const float u = unit_from_bits(word);
  const float w = std::sqrt(-logarithm(4 * u * (1 - u))) - 3;
  float p = -0.000200214257F;
  p = 0.000100950558F + p * w;
  p = 0.00134934322F + p * w;
  p = -0.00367342844F + p * w;
  p = 0.00573950773F + p * w;
  p = -0.0076224613F + p * w;
  p = 0.00943887047F + p * w;
  p = 1.00167406F + p * w;
  p = 2.83297682F + p * w;
  return 1.41421356F * p * (2 * u - 1);
}

/// The count whose cumulative probability passes `u`.
float poisson(float mean, double u) {
  double probability = std::exp(-static_cast<double>(mean));
  double sum = probability;
  int count = 0;
  // Beyond 60 nothing below eight has any probability that a double could tell.
  while (u >= sum && count < 60) {
    ++count;
    probability *= static_cast<double>(mean) / count;
    sum += probability;
  }
  return static_cast<float>(count);
}

/// Electrons `light` as read out, right from kFewElectrons on; returns how many have fewer.
int add_to_many(const float* __restrict light, const float* __restrict normal, float read,
                float* __restrict out, int count) {
  int few = 0;
  for (int x = 0; x < count; ++x) {
    const float mean = std::max(light[x], kFewElectrons);
    const float variance = mean + read * read;
    const float z = normal[x];
    out[x] = mean + std::sqrt(variance) * z + mean / (6 * variance) * (z * z - 1);
    few += light[x] < kFewElectrons ? 1 : 0;
  }
  return few;
}

void scale(float* __restrict row, float factor, int count) {
  for (int x = 0; x < count; ++x) row[x] *= factor;
}

}  // namespace

void normals_from_bits(const std::uint32_t* __restrict bits, float* __restrict normal, int count) {
  for (int i = 0; i < count; ++i) normal[i] = central_normal(bits[i]);
  // One in 300: cheaper one by one than for every lane.
  for (int i = 0; i < count; ++i) {
    if ((bits[i] >> 9) - kTail >= (1U << 23) - 2 * kTail) normal[i] = tail_normal(bits[i]);
  }
}

void add_noise(const Readout& readout, std::uint32_t channel, const Plane& plane,
               std::vector<std::uint32_t>& words, const Plane& rows) {
  const int width = plane.width();
  const std::size_t blocks = (static_cast<std::size_t>(width) + 3) / 4;
  words.resize(4 * blocks);
  const float well = static_cast<float>(readout.full_well);
  const bool shot = well > 0;
  const float read = static_cast<float>(readout.read_noise) * (shot ? well : 1);
  float* const normal = rows.row(0);
  float* const noisy = rows.row(1);
  for (int y = 0; y < plane.height(); ++y) {
    float* const light = plane.row(y);
    const auto row = static_cast<std::uint32_t>(y);
    fill_with_bits(readout.key, row, channel, words.data(), blocks);
    normals_from_bits(words.data(), normal, width);
    if (!shot) {
      for (int x = 0; x < width; ++x) light[x] += read * normal[x];
      continue;
    }
    scale(light, well, width);
    if (add_to_many(light, normal, read, noisy, width) > 0) {
      fill_with_bits(readout.key, row, channel + kCounts, words.data(), blocks);
      for (int x = 0; x < width; ++x) {
        if (light[x] >= kFewElectrons) continue;
        const double u = (words[static_cast<std::size_t>(x)] + 0.5) * 0x1p-32;
        noisy[x] = (light[x] > 0 ? poisson(light[x], u) : 0) + read * normal[x];
      }
    }
    for (int x = 0; x < width; ++x) light[x] = noisy[x] * (1 / well);
  }
}

}  // namespace orrery

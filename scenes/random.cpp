#include "scenes/random.hpp"

#include <cmath>
#include <glm/gtc/constants.hpp>

namespace orrery {
namespace {

/// FNV-1a, 64 bit: a fixed, portable address for a factor's path.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

std::uint32_t low(std::uint64_t x) { return static_cast<std::uint32_t>(x); }
std::uint32_t high(std::uint64_t x) { return static_cast<std::uint32_t>(x >> 32); }

}  // namespace

std::array<std::uint32_t, 4> philox4x32_10(std::array<std::uint32_t, 4> c,
                                           std::array<std::uint32_t, 2> k) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * c[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57} * c[2];
    c = {high(b) ^ c[1] ^ k[0], low(b), high(a) ^ c[3] ^ k[1], low(a)};
    k[0] += 0x9E3779B9;
    k[1] += 0xBB67AE85;
  }
  return c;
}

Rng::Rng(std::uint64_t seed, std::uint64_t index, std::string_view factor) {
  // The factor keys the generator together with the seed; the index and the draw are the counter.
  const std::uint64_t mixed = seed ^ hash_of(factor);
  key_ = {low(mixed), high(mixed) ^ low(seed * 0x9E3779B97F4A7C15ULL)};
  counter_ = {0, high(seed), low(index), high(index)};
}

std::uint32_t Rng::bits() {
  if (used_ == block_.size()) {
    block_ = philox4x32_10(counter_, key_);
    ++counter_[0];
    used_ = 0;
  }
  return block_[used_++];
}

double Rng::unit() {
  const std::uint64_t a = bits() >> 5;
  const std::uint64_t b = bits() >> 6;
  return static_cast<double>((a << 26) | b) * 0x1p-53;
}

double Rng::uniform(double low_end, double high_end) {
  return low_end + (high_end - low_end) * unit();
}

std::uint32_t Rng::below(std::uint32_t count) { return high(std::uint64_t{bits()} * count); }

double Rng::normal() {
  // Box-Muller; 1 - unit() keeps the logarithm away from 0.
  const double radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
  return radius * std::cos(glm::two_pi<double>() * unit());
}

glm::dvec3 Rng::direction() {
  const double z = uniform(-1, 1);
  const double angle = uniform(0, glm::two_pi<double>());
  const double r = std::sqrt(std::max(0.0, 1 - z * z));
  return {r * std::cos(angle), r * std::sin(angle), z};
}

glm::dquat Rng::rotation() {
  const double u = unit();
  const double a = uniform(0, glm::two_pi<double>());
  const double b = uniform(0, glm::two_pi<double>());
  const double s = std::sqrt(1 - u);
  const double t = std::sqrt(u);
  return {t * std::cos(b), s * std::sin(a), s * std::cos(a), t * std::sin(b)};
}

}  // namespace orrery

#pragma once

#include <cstdint>
#include <glm/glm.hpp>
#include <vector>

#include "scenes/image.hpp"
#include "scenes/random.hpp"
#include "scenes/range.hpp"

namespace orrery {

/// What one camera did to one image; the neutral value of every field, which is its default,
/// leaves the image as it is.
struct Sensor {
  double focus = 1;     ///< distance in focus, metres, above 0; matters with an aperture only
  double aperture = 0;  ///< blur circle at infinity, fraction of the image's height; 0: all sharp
  double shake = 0;     ///< length of the motion blur of the whole image, pixels; cut at 48
  double shake_angle = 0;  ///< direction of it, radians from x towards y
  double vignetting = 0;   ///< light lost in the corners, fraction below 1
  double chromatic = 0;   ///< red lies this far outside of blue in the corners, pixels; cut at ±48
  double exposure = 0;    ///< stops
  glm::dvec3 white{1};    ///< gain of red, green and blue
  double full_well = 0;   ///< electrons that make white, for shot noise; 0: none
  double read_noise = 0;  ///< standard deviation, fraction of white
  bool mosaic = false;    ///< each pixel saw one colour behind an RGGB filter
  double sharpening = 0;  ///< unsharp mask on luma: how much of the detail is added again
  int jpeg_quality = 0;   ///< the camera's own JPEG, 1 to 100; 0: none. The encoder's affair

  bool operator==(const Sensor&) const = default;
};

/// Diameter, in pixels, of the circle that a point at `depth` metres (0: infinitely far) is spread
/// over in an image `height` pixels high. Thin lens; cut at 36 pixels.
double defocus_px(const Sensor& sensor, double depth, int height);

/// Whether nobody could be asked to find an object, whose box has the shorter side `side` pixels
/// and which stands `depth` metres away, in what the sensor made of it:
/// - defocus and shake together spread a point over more than half of `side`, or
/// - greys one stop above and below mid-grey (18 %) come out less than 24 of 255 levels apart,
///   because of exposure and white balance, or less than twice the noise's standard deviation.
bool unreadable(const Sensor& sensor, double side, double depth, int height);

/// Applies sensors to images. Keeps its working memory from one image to the next: one object for
/// each thread.
class Exposer {
 public:
  /// The image that `sensor` takes of a clean one: `color` is sRGB with straight alpha, `depth` is
  /// metres along the optical axis, 0 = nothing = infinitely far, of the same size (read only if
  /// there is an aperture). Alpha stays, and pixels of alpha 0 neither change nor darken their
  /// neighbours. `noise` keys what is drawn for each pixel.
  /// In order, in linear light: defocus, lateral chromatic aberration, shake, vignetting, exposure
  /// and white balance, mosaic, noise, demosaicing; then, on the encoded image, sharpening.
  Image<Rgba8> exposed(const Sensor& sensor, const ImageView<Rgba8>& color,
                       const ImageView<float>& depth, Rng noise);

 private:
  std::vector<float> memory_;
  std::vector<std::uint32_t> words_;
};

/// An effect that some images have.
struct Chance {
  double probability = 0;
  Range value;
};

/// Sensors with ranges. Each effect has its own probability and its own stream.
struct SensorSpec {
  Chance aperture;      ///< Sensor::aperture
  Range focus{1, 1};    ///< distance in focus as a multiple of the subject's
  Chance shake;         ///< pixels, in any direction
  Chance vignetting;    ///< fraction lost in the corners
  Chance chromatic;     ///< pixels in the corners, of either sign
  Chance exposure;      ///< stops
  Chance white;         ///< gain of red and, drawn apart, of blue
  Chance full_well;     ///< electrons; the fewer, the noisier
  Chance read_noise;    ///< fraction of white
  double mosaic = 0;    ///< probability
  Chance sharpening;    ///< amount
  Chance jpeg_quality;  ///< rounded
};

/// What helped detectors on real tests: every effect mild and in about one image of seven.
/// Source: the ranges of Hinterstoisser et al. 2019 and Tremblay et al. 2018 (blur of standard
/// deviation 0 to 2 pixels at 480 rows, motion 0 to 7 pixels, JPEG 60 to 98).
SensorSpec default_sensor();

/// The sensor of sample `index`, whose subject stands `subject` metres away: a pure function.
Sensor drawn_sensor(const SensorSpec& spec, double subject, std::uint64_t seed,
                    std::uint64_t index);

}  // namespace orrery

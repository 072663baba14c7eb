#pragma once

#include <cstdint>
#include <glm/glm.hpp>

#include "scenes/image.hpp"
#include "scenes/model.hpp"
#include "scenes/surface_material.hpp"

namespace orrery {

// Models made from numbers, ready for the renderer: lengths in metres, cooked, with texture
// coordinates, smooth normals where the shape is smooth and hard edges where it is hard. All but
// the surface patch are closed and single-sided. Model::sha256 is that of a text that names the
// shape and its parameters. The plain shapes have one light, untextured material. Lengths must be
// above 0 unless said otherwise (our bug if not).

/// About the origin; edges and corners rounded by `radius`, 0 for sharp ones and at most half the
/// smallest side. Each face carries the whole texture.
Model rounded_box(const glm::dvec3& size, double radius);
/// About the z axis, standing on z = 0, with flat ends.
Model cylinder(double radius, double height);
/// About the z axis, standing on z = 0, its tip at z = height.
Model cone(double radius, double height);
/// About the origin.
Model ball(double radius);
/// About the z axis: `ring` from the axis to the tube's middle; `tube` below `ring`.
Model torus(double ring, double tube);
/// An open container standing on z = 0, its floor and four walls `wall` thick; the rim and the
/// upright edges are rounded.
Model tray(const glm::dvec3& outer, double wall);
/// A round open bowl on a flat foot, standing on z = 0, widest at its rounded rim.
Model bowl(double radius, double height, double wall);
/// A closed hardback lying on z = 0: x across, y along the spine, which is at -x; two closed
/// shells, cover and pages. The cover's printed design comes from the seed. Its texture is the
/// cover laid open, outside up: back, spine and front from left to right, upright as y is up. At
/// least 8 mm thick and 30 mm wide and long. Parts and materials: [0] cover, [1] pages.
Model book(const glm::dvec3& size, std::uint64_t seed);

/// A written sheet lying on z = 0 about the z axis, front up, x across, y up the page; size.z
/// thick. It is bent along y, its middle `rise` above its ends. Front and back carry a whole
/// texture each. Parts and materials: [0] front, [1] back and edges.
Model paper(const glm::dvec3& size, double rise, std::uint64_t seed);

/// A flat rectangle in z = 0 about the origin, facing +z, with the material at its true scale:
/// uv (0,0) at (-width/2, depth/2), one unit a tile. Its texture repeats; it is no closed shape.
Model surface_patch(const SurfaceMaps& maps, double width, double depth);

/// The same without textures and with metres for uv: for pictures to lie on.
Model flat_surface(double width, double depth);

/// What a die is made of; colours are linear RGB.
struct DieLook {
  glm::vec3 body, pips;
  float roughness = 0.35F;
  float opacity = 1;     ///< of the body; below 1 one sees what is behind it
  Image<Rgba8> swirl{};  ///< on every face, multiplies the body's colour; without pixels: none
  double pip = 0.19;     ///< radius of a pip, of half the side; less where its face has no room
  double hollow = 0.5;   ///< depth of a pip, of its radius
};

/// A die about the origin: a cube with rounded edges and 21 sunk pips, real hollows. Opposite faces
/// add up to seven: +z is 1, -z 6, +x 2, -x 5, +y 3, -y 4. Seen at the corner where they meet, 1, 2
/// and 3 run counter-clockwise: the right-handed western layout. To bring a face up, turn its axis
/// to +z. `rounding` at most 0.2 of the side. Parts and materials: [0] the body, [1] the pips.
Model die(double side, double rounding, const DieLook& look);
/// A die of 16 mm whose colours, rounding, pips and stuff (plain, pearl, speckled or see-through)
/// come from the variant. Pips are lighter or darker than the body by kPipContrast or more.
Model any_die(std::uint64_t variant);
constexpr float kPipContrast = 0.25F;  ///< of sRGB luma, a see-through body on its own

/// A cube like a die with a letter or sign below die_signs() on each face instead of pips.
Model signed_die(double side, double rounding, const glm::vec3& body, const glm::vec3& ink,
                 std::uint32_t sign);
std::uint32_t die_signs();

}  // namespace orrery

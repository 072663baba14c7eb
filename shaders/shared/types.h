// Read by GLSL and by C++ (scalar layout): what the host hands to the shaders.
#ifdef __cplusplus
#pragma once
#include <cstdint>
#include <glm/glm.hpp>
namespace orrery::shader {
using uint = std::uint32_t;
using glm::mat3;
using glm::ivec4;
using glm::mat4;
using glm::uvec2;
using glm::uvec4;
using glm::vec2;
using glm::vec3;
using glm::vec4;
#else
#extension GL_EXT_scalar_block_layout : require
#endif

// Bindings of the one descriptor set.
#define BIND_VERTICES 0
#define BIND_TRIANGLES 1
#define BIND_TEXELS 2
#define BIND_MATERIALS 3
#define BIND_SKY 4
#define BIND_VIEW 5
#define BIND_DRAWS 6
#define BIND_WORK 7
#define BIND_SAMPLES 8
#define BIND_OCCLUSION 9
#define BIND_LATTICE_COLOR 10
#define BIND_COLOR 11
#define BIND_ID 12
#define BIND_DEPTH 13
#define BIND_NORMAL 14
#define BIND_SHADOW 15
#define BIND_FINISHES 16
#define BIND_LENS_RAYS 17
#define BIND_CANVAS_RAYS 18
#define BIND_COUNT_BUFFERS 19
#define BIND_VISIBILITY 19
#define BIND_OPAQUE_VISIBILITY 20
#define BIND_LATTICE_DEPTH 21
#define BIND_COUNT 22

// One texture: where its mip chain starts and how it is read. packed: bits 0-4 log2 width, 5-9 log2
// height, 10-14 levels, 15-16 wrap u, 17-18 wrap v; 0 is no texture.
struct TextureRef {
  uint first_texel;
  uint packed;
};

const uint kAlphaOpaque = 0;
const uint kAlphaMask = 1;
const uint kAlphaBlend = 2;
const uint kShadowCatcher = 3;

// In fours, because software devices pay by the read and not by its width.
struct GpuMaterial {
  vec4 base_color;
  vec4 emissive_metallic;
  vec4 surface;     // roughness, normal scale, occlusion strength, alpha cut-off
  uvec4 base;       // alpha mode, double-sided, base colour texture
  uvec4 detail;     // normal texture, ORM texture
  uvec4 emission;   // emissive texture, finish (its index + 1; 0: none), 0
};

// What one object's surface has beyond its model's material.
struct GpuFinish {
  vec4 amounts;    // cosine and sine of the turn of its hue, shares of wear and dirt
  vec4 place;      // of the masks: what is added to their coordinates, 0, tiles a metre
  vec4 dirt;       // its linear colour, 0
  vec4 uv;         // scale of the texture coordinates, and what is added to them
  vec4 picture;    // repeats a metre, across and down, of a projected picture; where it begins
  uvec4 textures;  // masks of wear and dirt, picture that is projected from three sides
};

// One part of one object: a run of triangles with one transform and one material.
struct Draw {
  mat4 clip_from_object;
  vec4 camera_from_object[3];  // rows of the affine transform
  uvec4 ids;  // first triangle, material, what the id image says (0 for the ground), first vertex
};

const uint kLightSun = 0;
const uint kLightSpot = 1;
const uint kLightArea = 2;
const uint kMaxLights = 12;
const uint kMaxKnownLights = 4;  // up to which shaders are compiled for their number
const uint kShadowSide = 1024;  // texels of a shadow map
const uint kShadowTile = 32;    // texels: how far blockers are looked for
const uint kNoShadow = 0xFFFFFFFFu;

struct GpuLight {
  vec3 color;
  uint kind;
  vec3 direction;  // camera frame, the way the light travels
  float radius;
  vec3 position;  // camera frame
  float cos_inner;
  float cos_outer;
  uint shadow_layer;
  float texel;        // sun: metres a shadow texel spans; else radians
  float depth_range;  // metres between shadow depths 0 and 1 (sun); near plane (others)
  mat4 shadow_from_camera;  // to (u, v, depth) in [0,1]
};

// What stands in the way of a sun far from the scene, so that its shadow is equally soft everywhere.
struct GpuGobo {
  mat4 from_camera;  // to (u, v, depth) in [0,1]
  float blur;        // of its shadow's edge: radius in uv
  uint layer;        // among the shadow maps, or kNoShadow
};

const uint kBackgroundSky = 0;
const uint kBackgroundColor = 1;
const uint kBackgroundPhoto = 2;
const uint kBackgroundTransparent = 3;

const uint kLensPinhole = 0;
const uint kLensBrownConrady = 1;
const uint kLensFisheye = 2;
// Tiles that a grid of rays is cut into, each with the bounds of its rays' slopes; one more bounds all.
const uint kLensColumns = 24;
const uint kLensRows = 16;
const uint kLensTiles = kLensColumns * kLensRows;
const float kNoRay = 10000;  // slope that says that the lens sees nothing there

struct ViewConstants {
  uint width;
  uint height;
  uint rate;            // lattice samples per pixel side: 1 or 2
  uint primitive_bits;  // how a visibility value splits into draw and primitive
  float fx;
  float fy;
  float cx;
  float cy;
  float near_m;
  vec3 exposure;         // times the white balance
  uint lights;
  uint background;
  vec4 background_color;  // linear
  TextureRef photo;
  vec2 photo_scale;  // uv = 0.5 + (pixel - centre) * scale
  mat3 sky_from_camera;
  vec3 up;  // of the world, in the camera frame
  vec3 irradiance[9];
  vec3 sky_intensity;
  uint sky_first_quad;  // of the background image, then the specular levels
  mat3 background_from_camera;  // of the sky that is seen, which need not be the one that lights
  float background_intensity;
  uint background_first_quad;
  float ground;          // 1 where a ground reflects light upwards, else 0
  vec3 ground_bounce;    // radiance that the ground sends up
  float occlusion_radius;  // metres; 0: no ambient occlusion
  uint plain_from;         // draws from here on have neither textures nor vertex colours
  uvec4 bounds;            // x0, y0, x1, y1: pixels outside have no surface near them
  GpuLight light[kMaxLights];
  GpuGobo gobo[kMaxLights];
  uint lens;           // kLensPinhole …
  float lens_widest;   // slope up to which the lens sees
  float lens_k[8];     // as Lens::k
  ivec4 canvas;        // of the amodal pass: x, y of its corner in the image, width, height
};

// Sides of the octahedral sky images: the background, then kSpecularLevels of the smaller ones.
const uint kSkySide = 512;
const uint kSpecularSide = 64;

// Lists that the classify pass fills; each begins with the arguments of an indirect dispatch.
struct List {
  uint groups;
  uint one_a;
  uint one_b;
  uint count;
};
const uint kListSamples = 0;
const uint kListPlainSamples = 1;  // of draws without textures and vertex colours
const uint kListEdges = 2;
const uint kLists = 3;
const uint kGroup = 64;
const uint kRun = 32;  // pixels that one invocation of the classify pass sorts

#ifdef __cplusplus
static_assert(sizeof(TextureRef) == 8);
static_assert(sizeof(GpuMaterial) == 96);
static_assert(sizeof(GpuFinish) == 96);
static_assert(sizeof(Draw) == 128);
static_assert(sizeof(GpuLight) == 128);
static_assert(sizeof(GpuGobo) == 72);
}  // namespace orrery::shader
#endif

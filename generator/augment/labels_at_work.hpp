#pragma once

#include <span>

#include "generator/augment/augment.hpp"
#include "generator/augment/mask_layers.hpp"

namespace orrery {

/// A label while its picture is being changed.
struct LabelAtWork {
  /// What its extent is told by.
  enum class Form : std::uint8_t {
    mask,      ///< the layers of masks
    outline,   ///< `polygons`: its outline
    oriented,  ///< `polygons`: its oriented box
    box,       ///< `polygons`: its box, or what stands for it
  };
  Label label;
  Form form = Form::box;
  std::vector<Polygon> polygons{};
  std::optional<Rect> around{};  ///< a loose box around a mask or an outline
  bool upright = true;           ///< Form::box or `around`: still along the axes
  double left = 1;               ///< share of the pixels that it had at first that is still there
  double in_frame = 1;           ///< the same of what nothing hides, for its truncation
  double looseness = 0;          ///< what `around` is larger by, share of a side
  double first_side = 0;         ///< shorter side of its box at first
  double first_area = 0;
  bool hidden = false;    ///< nothing is left as it lies under something
  bool mirrored = false;  ///< not a label of the picture but a mirrored thing in its border
};

/// The labels of a picture while it is being changed: geometry moves masks and polygons, and
/// everything else is derived from these at the end.
class LabelsAtWork {
 public:
  /// Takes the labels out of `image`. Throws Error if one is of no class or a mask does not fit.
  LabelsAtWork(LabelledImage& image, const DatasetInfo& info, const AugmentSpec& spec);

  /// Some label is a box and nothing more.
  bool any_box_only() const;
  const std::vector<LabelAtWork>& labels() const { return labels_; }

  /// As they are now, but those of crowds and of labels that are gone.
  std::vector<Rect> boxes() const;

  void move(const Geometry& geometry, const Warp& warp);
  /// What lies under boxes, which lie in the picture, is hidden.
  void hide(std::span<const Box> boxes);
  /// Blurs add up as variances do; later geometry scales them.
  void smear(double px);

  /// Puts the labels back that the rules keep. `repainted`: colours have changed.
  void finish(const Image<Rgba8>& color, bool repainted, AugmentReport& report);

 private:
  void lay_masks();
  static std::vector<double> moved_masks(MaskLayers& layers, std::size_t most,
                                         const Geometry& geometry, const Warp& warp);
  double move_polygons(LabelAtWork& work, const Geometry& geometry) const;
  static void move_around(LabelAtWork& work, const Geometry& geometry);
  void move_keypoints(LabelAtWork& work, const Geometry& geometry) const;
  void move_amodal_box(std::size_t index, const Geometry& geometry);
  void move_camera(const Geometry& geometry);
  void clear_files();
  std::vector<LabelAtWork> mirrored_things(const Geometry& geometry, const Warp& warp) const;
  void hide_polygons(std::size_t index, std::span<const Box> boxes);

  // finish_labels.cpp
  void derive(LabelAtWork& work, const std::vector<ColumnSpan>& visible,
              const std::vector<ColumnSpan>& amodal) const;
  void derive_shares(LabelAtWork& work) const;
  bool keep(LabelAtWork& work, AugmentReport& report) const;
  void demote(LabelAtWork& work, const Image<Rgba8>& color, bool repainted,
              AugmentReport& report) const;

  LabelledImage& image_;
  const DatasetInfo& info_;
  const AugmentSpec& spec_;
  int width_, height_;
  std::vector<LabelAtWork> labels_;
  MaskLayers visible_;  ///< ids: places in labels_, from 1
  MaskLayers amodal_;
  bool laid_ = false;
  bool changed_ = false;  ///< moved or hidden
  double blur_px_ = 0;
  std::map<std::string, std::uint64_t> cleared_;
};

}  // namespace orrery

#pragma once

#include "generator/labelled_image.hpp"
#include "generator/sample.hpp"

namespace orrery {

/// Everything that is known of an image, without a reference to another file:
///   name, width, height   as in the dataset; pixels
///   split, fold, track    "" and null if it has none
///   train_only            true: never validated or tested on
///   lineage               [{"kind", "name", "sha256", "licence"}], each once
///   camera                of pictures that have one: {"cam_K": nine numbers in rows, pixels, (0,0)
///                         the image's top-left corner; of a lens "cam_model" and "cam_dist", as
///                         OpenCV takes them}
///   more                  what the source says of the image beyond this, if anything
///   labels                in order of id, each:
///     id, class_id, class           class_id from 0 into the dataset's classes
///     bbox                          [x,y,w,h], pixels; pixel (0,0) spans [0,1)
///     area, iscrowd                 pixels; 0 or 1
///     hard, loose                   true or false; see Label
///     weight                        of its loss, in (0, 1]
///   and where they are known:
///     segmentation                  {"size": [h,w], "counts"}: COCO's compressed run lengths
///     polygons                      [[x,y,x,y,…],…]: their union is visible
///     oriented_bbox                 [cx,cy,w,h,angle], pixels and radians
///     keypoints                     [x,y,v] for each name of the class, pixels from the corner
///     amodal_segmentation, amodal_bbox
///     visible_fraction, truncation, occlusion
///     pose                          {"model", "rotation": nine numbers in rows, "scale",
///                                   "translation", "low", "high"}: camera from object and the box
///                                   in the object's frame, metres
///     more                          what the source says of it beyond this
Json json_of(const LabelledImage& image, const DatasetInfo& info);

/// The name of a label's class. Throws Error naming the image if the dataset has no such class.
const std::string& class_of(const Label& label, const LabelledImage& image,
                            const DatasetInfo& info);

/// [{"kind", "name", "sha256", "licence"}], every key always there: tables want the same columns.
Json lineage_json(const LabelledImage& image);

}  // namespace orrery

#pragma once

#include <filesystem>
#include <memory>

#include "generator/sink.hpp"

namespace orrery {

// Every format, each in the file that carries its name and states its byte layout. `folder` exists
// and is empty. Throw Error if the format cannot hold a dataset like this at all.
std::unique_ptr<Sink> make_bop(const std::filesystem::path& folder, const DatasetInfo& info,
                               const SinkOptions& options);
std::unique_ptr<Sink> make_bop_webdataset(const std::filesystem::path& folder,
                                          const DatasetInfo& info, const SinkOptions& options);
std::unique_ptr<Sink> make_coco(const std::filesystem::path& folder, const DatasetInfo& info,
                                const SinkOptions& options);
std::unique_ptr<Sink> make_cvat(const std::filesystem::path& folder, const DatasetInfo& info,
                                const SinkOptions& options);
std::unique_ptr<Sink> make_imagefolder(const std::filesystem::path& folder, const DatasetInfo& info,
                                       const SinkOptions& options);
std::unique_ptr<Sink> make_kitti(const std::filesystem::path& folder, const DatasetInfo& info,
                                 const SinkOptions& options);
std::unique_ptr<Sink> make_label_studio(const std::filesystem::path& folder,
                                        const DatasetInfo& info, const SinkOptions& options);
std::unique_ptr<Sink> make_prodigy(const std::filesystem::path& folder, const DatasetInfo& info,
                                   const SinkOptions& options);
std::unique_ptr<Sink> make_tfrecord(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options);
std::unique_ptr<Sink> make_voc(const std::filesystem::path& folder, const DatasetInfo& info,
                               const SinkOptions& options);
std::unique_ptr<Sink> make_webdataset(const std::filesystem::path& folder, const DatasetInfo& info,
                                      const SinkOptions& options);
std::unique_ptr<Sink> make_yolo_det(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options);
std::unique_ptr<Sink> make_yolo_obb(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options);
std::unique_ptr<Sink> make_yolo_pose(const std::filesystem::path& folder, const DatasetInfo& info,
                                     const SinkOptions& options);
std::unique_ptr<Sink> make_yolo_seg(const std::filesystem::path& folder, const DatasetInfo& info,
                                    const SinkOptions& options);

}  // namespace orrery

#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

namespace orrery {

/// `orrery ingest`: takes real photos and their labels into a store.
struct IngestCommand {
  std::filesystem::path source;
  std::filesystem::path store;
  std::string format;   ///< as in source_formats(); empty: found out
  std::string session;  ///< capture session of all; empty: images.csv's, the folder's or the file's
  std::string licence;
  std::string origin;  ///< where they are from, for people
  bool watch = false;  ///< go on as files arrive, until asked to stop
  bool json = false;
};

/// `orrery convert`: a dataset in another format, without rendering it again.
struct ConvertCommand {
  std::filesystem::path source;
  std::string from;             ///< as in source_formats(); empty: found out
  std::vector<std::string> to;  ///< as in sink_formats()
  std::filesystem::path out;
  std::string weights = "refuse";  ///< or "drop"
  double min_weight = 0.3;
};

/// `orrery split`: folds and splits without a leak.
struct SplitCommand {
  std::filesystem::path dataset;
  int folds = 5;
  std::vector<std::string> by;  ///< kinds of lineage that may not cross beside the default ones
  std::uint64_t seed = 0;
  bool allow_rare = false;  ///< classes that some fold lacks are recorded, not refused
  bool report = false;
  int repeats = 20;
  std::filesystem::path out;  ///< where to write folds.json and lists; empty: the dataset
};

/// `orrery verify`: re-reads a dataset and checks what must hold of it.
struct VerifyCommand {
  std::filesystem::path dataset;
  std::string consumer;  ///< "ultralytics", "coco", "bop"…; empty: orrery's own invariants
  bool json = false;
};

/// `orrery evaluate`: detections against ground truth.
struct EvaluateCommand {
  std::filesystem::path truth;                    ///< COCO
  std::filesystem::path detections;               ///< COCO results
  std::optional<std::filesystem::path> against;   ///< other detections: a paired comparison
  std::string iou = "bbox";                       ///< or "segm", "keypoints"
  std::optional<std::filesystem::path> kpi;       ///< KPI file with rules
  std::optional<std::filesystem::path> manifest;  ///< manifest.jsonl: groups, tracks, slices
  std::uint64_t bootstrap = 1000;                 ///< resamples of groups; 0: no intervals
  std::uint64_t seed = 0;
  bool json = false;
};

/// `orrery rectify`: flat things in photos become textures.
struct RectifyCommand {
  std::filesystem::path source;  ///< a dataset, each label one thing; or a photo of one
  std::string format;            ///< of a dataset, as in source_formats(); empty: found out
  std::filesystem::path out;     ///< folder
  std::string size = "63x88";    ///< width and height; their ratio counts
  int pixels = 720;              ///< texels of the longer side
  bool even = true;              ///< its light is divided out
};

// Each writes for people (or JSON) to `out` and returns the process's exit status: 0, or 1 if what
// was asked for was found wanting.
int run_ingest(const IngestCommand& command, std::ostream& out);
int run_convert(const ConvertCommand& command, std::ostream& out);
int run_split(const SplitCommand& command, std::ostream& out);
int run_verify(const VerifyCommand& command, std::ostream& out);
int run_evaluate(const EvaluateCommand& command, std::ostream& out);
int run_rectify(const RectifyCommand& command, std::ostream& out);

}  // namespace orrery

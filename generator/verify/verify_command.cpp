#include <algorithm>
#include <array>
#include <ostream>

#include "generator/data_commands.hpp"
#include "generator/dataset_folder.hpp"
#include "generator/verify/consumer.hpp"
#include "scenes/error.hpp"
#include "scenes/nearest_name.hpp"

namespace orrery {
namespace fs = std::filesystem;
namespace {

/// Somebody who reads datasets: what --for names.
struct Consumer {
  std::string name;
  std::vector<std::string> formats;  ///< that it reads, as in sink_formats()
  void (*check)(const FormatFolder&, Findings&);
  std::string sign;  ///< what a folder in such a format holds; empty: it may be in split's folders
};

const std::vector<Consumer>& consumers() {
  static const std::vector<Consumer> kConsumers{
      {"ultralytics", {"yolo", "yolo_seg", "yolo_obb", "yolo_pose"}, check_yolo, "data.yaml"},
      {"yolo", {"yolo"}, check_yolo, "data.yaml"},
      {"yolo_seg", {"yolo_seg"}, check_yolo, "data.yaml"},
      {"yolo_obb", {"yolo_obb"}, check_yolo, "data.yaml"},
      {"yolo_pose", {"yolo_pose"}, check_yolo, "data.yaml"},
      {"coco", {"coco"}, check_coco, "annotations"},
      {"voc", {"voc"}, check_voc, "Annotations"},
      {"kitti", {"kitti"}, check_kitti, "training"},
      {"bop", {"bop"}, check_bop, "models"},
      {"webdataset", {"webdataset"}, check_webdataset, ""},
      {"bop_webdataset", {"bop_webdataset"}, check_webdataset, "models"},
      {"imagefolder", {"imagefolder"}, check_imagefolder, "classes.json"},
      {"tfrecord", {"tfrecord"}, check_tfrecord, "label_map.pbtxt"},
  };
  return kConsumers;
}

const Consumer& consumer_of(const std::string& name) {
  std::vector<std::string> names;
  for (const Consumer& consumer : consumers()) {
    if (consumer.name == name) return consumer;
    names.push_back(consumer.name);
  }
  std::string all;
  for (const std::string& known : names) all += (all.empty() ? "" : ", ") + known;
  throw Error("--for " + name + ": no rules for it, wanted one such as \"" +
                  nearest_name(name, names) + "\"; there are " + all,
              Exit::usage);
}

/// What a folder that lies alone is in: its own name, where that is one of the consumer's formats.
std::string format_of(const fs::path& folder, const Consumer& consumer) {
  const std::string name = fs::absolute(folder / "").lexically_normal().parent_path().filename();
  const auto named = std::find(consumer.formats.begin(), consumer.formats.end(), name);
  if (named != consumer.formats.end()) return name;
  if (consumer.formats.size() == 1) return consumer.formats[0];
  std::string all;
  for (const std::string& format : consumer.formats) all += (all.empty() ? "" : ", ") + format;
  throw Error(folder.string() +
                  ": its name does not say which of its formats it is in, wanted "
                  "--for one of " +
                  all,
              Exit::usage);
}

std::vector<FormatFolder> folders_for(const Consumer& consumer, const fs::path& dataset,
                                      const DatasetFacts& facts) {
  std::vector<FormatFolder> folders;
  for (const std::string& format : consumer.formats) {
    const fs::path folder = dataset / "formats" / format;
    if (fs::is_directory(folder)) folders.push_back({format, folder, dataset, facts});
  }
  return folders;
}

void check_for(const Consumer& consumer, const fs::path& dataset, const DatasetFacts& facts,
               Findings& findings) {
  const std::vector<FormatFolder> folders = folders_for(consumer, dataset, facts);
  for (const FormatFolder& folder : folders) consumer.check(folder, findings);
  if (!folders.empty()) return;
  // The dataset's own labels are COCO.
  if (consumer.name == "coco" && DatasetFolder(dataset).shards() > 0) {
    throw Error((dataset / "shards").string() +
                    ": holds the pictures, wanted loose files, which COCO's readers open; orrery "
                    "convert --to coco writes them",
                Exit::usage);
  }
  if (consumer.name == "coco") {
    check_coco_file(dataset / "annotations/instances_default.json", dataset, facts.classes,
                    findings);
    return;
  }
  throw Error(dataset.string() + ": holds no formats/" + consumer.formats[0] +
                  ", wanted what orrery convert --to " + consumer.formats[0] + " writes",
              Exit::usage);
}

}  // namespace

int run_verify(const VerifyCommand& command, std::ostream& out) {
  const Consumer* consumer = command.consumer.empty() ? nullptr : &consumer_of(command.consumer);
  Findings findings;
  if (fs::exists(command.dataset / "dataset.json")) {
    const DatasetFacts facts = check_dataset(command.dataset, findings);
    if (consumer != nullptr) check_for(*consumer, command.dataset, facts, findings);
  } else if (consumer != nullptr && fs::exists(command.dataset / consumer->sign)) {
    consumer->check({format_of(command.dataset, *consumer), command.dataset}, findings);
  } else {
    throw Error(command.dataset.string() + ": holds no dataset.json" +
                    (consumer == nullptr ? "" : " and no " + consumer->sign) +
                    ", wanted a finished dataset of orrery" +
                    (consumer == nullptr ? "" : " or a folder for " + consumer->name),
                Exit::io);
  }
  if (command.json) {
    out << findings.json().dump(2) << "\n";
  } else {
    findings.print(out);
  }
  return findings.none() ? 0 : 1;
}

}  // namespace orrery

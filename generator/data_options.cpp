#include "generator/data_options.hpp"

#include <CLI/CLI.hpp>

namespace orrery {
namespace {

void add_ingest(CLI::App& app, IngestCommand& ingest) {
  CLI::App* command = app.add_subcommand("ingest", "take real photos and labels into a store");
  command->add_option("SOURCE", ingest.source, "folder or annotation file")->required();
  command->add_option("-o,--out", ingest.store, "the store; run again to add to it")->required();
  command->add_option("--format", ingest.format, "of the source [found out]");
  command->add_option("--session", ingest.session, "capture session of all that is taken in");
  command->add_option("--licence,--license", ingest.licence, "of the photos, as SPDX names it");
  command->add_option("--origin", ingest.origin, "where the photos are from");
  command->add_flag("--watch", ingest.watch, "go on taking in what arrives, until stopped");
  command->add_flag("--json", ingest.json, "say what was done as JSON");
  command->footer("Example:\n  orrery ingest photos/ -o store --session kitchen");
}

void add_convert(CLI::App& app, ConvertCommand& convert) {
  CLI::App* command = app.add_subcommand("convert", "a dataset in other formats");
  command->add_option("SOURCE", convert.source, "folder or annotation file")->required();
  command->add_option("--from", convert.from, "format of the source [found out]");
  command->add_option("--to", convert.to, "formats to write; several with commas")
      ->delimiter(',')
      ->required();
  command->add_option("-o,--out", convert.out, "folder to write to [SOURCE/formats]");
  command->add_option("--weights", convert.weights, "of mixed labels, where a format has none")
      ->check(CLI::IsMember({"refuse", "drop"}))
      ->capture_default_str();
  command->add_option("--min-weight", convert.min_weight, "labels below it are dropped")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

void add_split(CLI::App& app, SplitCommand& split) {
  CLI::App* command = app.add_subcommand("split", "folds that share nothing");
  command->add_option("DATASET", split.dataset, "folder of the dataset")->required();
  command->add_option("--folds", split.folds, "how many")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  command->add_option("--by", split.by, "more kinds of lineage that no two folds share: model…")
      ->delimiter(',');
  command->add_option("--seed", split.seed, "for ties")->capture_default_str();
  command->add_flag("--allow-rare", split.allow_rare, "though some fold lacks a class");
  command->add_flag("--report", split.report, "score this and other splits with a quick probe");
  command->add_option("--repeats", split.repeats, "other splits to compare with")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  command->add_option("-o,--out", split.out, "folder to write to [the dataset]");
}

void add_verify(CLI::App& app, VerifyCommand& verify) {
  CLI::App* command = app.add_subcommand("verify", "re-read a dataset and check it");
  command->add_option("DATASET", verify.dataset, "folder of the dataset")->required();
  command->add_option("--for", verify.consumer, "check by the rules of this consumer, too");
  command->add_flag("--json", verify.json, "as JSON");
}

void add_evaluate(CLI::App& app, RawDataCommands& raw) {
  EvaluateCommand& evaluate = raw.evaluate;
  CLI::App* command = app.add_subcommand("evaluate", "detections against ground truth");
  command->add_option("TRUTH", evaluate.truth, "COCO file")->required();
  command->add_option("DETECTIONS", evaluate.detections, "COCO results")->required();
  command->add_option("--against", raw.against, "other detections, for a paired comparison");
  command->add_option("--iou", evaluate.iou, "what overlaps")
      ->check(CLI::IsMember({"bbox", "segm", "keypoints"}))
      ->capture_default_str();
  command->add_option("--kpi", raw.kpi, "file of targets and rules");
  command->add_option("--manifest", raw.manifest, "manifest.jsonl, for groups and tracks");
  command->add_option("--bootstrap", evaluate.bootstrap, "resamples of groups; 0: no intervals")
      ->capture_default_str();
  command->add_option("--seed", evaluate.seed, "of the resamples")->capture_default_str();
  command->add_flag("--json", evaluate.json, "as JSON");
}

void add_rectify(CLI::App& app, RectifyCommand& rectify) {
  CLI::App* command = app.add_subcommand("rectify", "flat things in photos become textures");
  command->add_option("SOURCE", rectify.source, "dataset with a box around each, or a photo of one")
      ->required();
  command->add_option("-o,--out", rectify.out, "folder for CLASS_PHOTO.png")->required();
  command->add_option("--format", rectify.format, "of the dataset [found out]");
  command->add_option("--size", rectify.size, "WIDTHxHEIGHT of the thing, in any unit")
      ->capture_default_str();
  command->add_option("--pixels", rectify.pixels, "texels of the longer side")
      ->check(CLI::Range(16, 8192))
      ->capture_default_str();
  command->add_flag("!--as-lit", rectify.even,
                    "leave the light as it is, for what is not on white");
  command->footer("Example:\n  orrery rectify scans/ -o faces --size 635x889");
}

}  // namespace

void add_data_commands(CLI::App& app, RawDataCommands& raw) {
  add_ingest(app, raw.ingest);
  add_convert(app, raw.convert);
  add_split(app, raw.split);
  add_verify(app, raw.verify);
  add_evaluate(app, raw);
  add_rectify(app, raw.rectify);
}

std::optional<DataCommand> data_command_from(const CLI::App& app, const RawDataCommands& raw) {
  if (app.got_subcommand("ingest")) return raw.ingest;
  if (app.got_subcommand("convert")) return raw.convert;
  if (app.got_subcommand("split")) return raw.split;
  if (app.got_subcommand("verify")) return raw.verify;
  if (app.got_subcommand("rectify")) return raw.rectify;
  if (!app.got_subcommand("evaluate")) return std::nullopt;
  EvaluateCommand evaluate = raw.evaluate;
  if (!raw.against.empty()) evaluate.against = raw.against;
  if (!raw.kpi.empty()) evaluate.kpi = raw.kpi;
  if (!raw.manifest.empty()) evaluate.manifest = raw.manifest;
  return evaluate;
}

}  // namespace orrery

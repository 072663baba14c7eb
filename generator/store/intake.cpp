#include "generator/store/intake.hpp"

#include <tbb/parallel_for.h>

#include <algorithm>

#include "generator/store/picture_facts.hpp"
#include "generator/store/store.hpp"
#include "generator/whole_file.hpp"
#include "scenes/error.hpp"
#include "scenes/sha256.hpp"

namespace orrery {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatchImages = 64;
constexpr std::uint64_t kBatchBytes = 128U << 20U;

/// Tells a picture with its labels from the same picture at another time.
std::string key_of(const LabelledImage& image) {
  std::error_code ignored;
  const auto time = fs::last_write_time(image.file.on_disk(), ignored).time_since_epoch().count();
  std::string key = image.file.string() + '\n' + std::to_string(stored_size(image.file)) + '\n' +
                    std::to_string(time) + '\n';
  Sha256 labels;
  for (const Label& label : image.labels) {
    try {
      labels.add(label_text(label));
    } catch (const std::exception&) {
      labels.add("unwritable");
    }
  }
  return key + labels.hex();
}

/// What processes that were killed have left.
void tidy(const fs::path& incoming) {
  for (const fs::directory_entry& entry : fs::directory_iterator(incoming)) {
    std::error_code ignored;
    if (is_abandoned(entry.path().filename().string())) fs::remove(entry.path(), ignored);
  }
}

/// Makes the folders of a store; the index wants its folder to be there.
const fs::path& made(const fs::path& store) {
  std::error_code failed;
  for (const char* folder : {"objects", "incoming"}) {
    fs::create_directories(store / folder, failed);
    if (failed) {
      throw Error(store.string() + ": cannot be made: " + failed.message(), Exit::io);
    }
  }
  return store;
}

/// A relative path that leads nowhere else.
bool is_plain(const std::string& name) {
  const fs::path path(name);
  return !name.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(),
                      [](const fs::path& part) { return part == ".." || part == "."; });
}

std::string text_in(const Json& more, const char* name) {
  const auto found = more.find(name);
  return found != more.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string first_of(const std::string& a, const std::string& b) { return a.empty() ? b : a; }

}  // namespace

struct Intake::Candidate {
  explicit Candidate(LabelledImage i) : image(std::move(i)) {}

  LabelledImage image;
  std::string key;  ///< empty: there is one pass
  ObjectFile object;
  std::vector<ObjectFile> planes;
  PictureFacts facts;
  std::optional<Problem> fault;
  bool known = false;   ///< its bytes are in the store
  bool stored = false;  ///< by us
  std::vector<Problem> problems;
};

Intake::Intake(IntakeSettings settings)
    : settings_(std::move(settings)), index_(made(settings_.store), Database::Mode::write) {
  tidy(settings_.store / "incoming");
  const fs::path source = fs::weakly_canonical(fs::absolute(settings_.source));
  root_ = fs::is_regular_file(source) ? source.parent_path() : source;
  source_name_ = source.string();
  const std::string name = source.has_filename() ? source.stem().string() : "source";
  Transaction transaction(index_.database());
  origin_ = settings_.origin.empty() ? index_.origin_for(name, source_name_) : settings_.origin;
  ingest_ = index_.begin_ingest(source_name_, origin_, settings_.command);
  transaction.commit();
}

void Intake::take(Source& source, const PassHooks& hooks) {
  {
    Transaction transaction(index_.database());
    index_.clear_quarantine(source_name_);
    places_ = index_.add_classes(source.info());
    transaction.commit();
  }
  own_keypoints_ = source.info().keypoints;
  stored_keypoints_ = index_.info().keypoints;
  rules_ = {source.info().classes.size(), &own_keypoints_, &stored_keypoints_, &places_};
  std::vector<Candidate> batch;
  std::uint64_t bytes = 0;
  std::size_t problems_taken = 0;
  while (!hooks.stop()) {
    std::optional<LabelledImage> image = source.next();
    if (!image) break;
    if (hooks.later(*image)) continue;
    Candidate candidate(std::move(*image));
    if (settings_.several_passes) {
      candidate.key = key_of(candidate.image);
      if (const auto done = done_.find(candidate.key); done != done_.end()) {
        for (const Problem& p : done->second) index_.quarantine(source_name_, ingest_, p);
        continue;
      }
    }
    ++counts_.images.found;
    counts_.labels.found += candidate.image.labels.size();
    bytes += stored_size(candidate.image.file);
    batch.push_back(std::move(candidate));
    if (batch.size() < kBatchImages && bytes < kBatchBytes) continue;
    settle(batch, source, problems_taken);
    bytes = 0;
  }
  settle(batch, source, problems_taken);
}

void Intake::settle(std::vector<Candidate>& batch, const Source& source,
                    std::size_t& problems_taken) {
  const auto each = [&batch](const auto& work) {
    tbb::parallel_for(std::size_t{0}, batch.size(), [&](std::size_t i) { work(batch[i]); });
  };
  each([](Candidate& candidate) {
    try {
      candidate.object = read_object(candidate.image.file);
    } catch (const Error& error) {
      candidate.fault = {candidate.image.file.string(), "picture_missing", error.what(), true};
    }
  });
  for (Candidate& candidate : batch) {
    candidate.known = !candidate.fault && index_.holds(candidate.object.sha256);
  }
  each([](Candidate& candidate) {
    if (candidate.known || candidate.fault) return;
    candidate.fault = find_picture_facts(candidate.image, candidate.object, candidate.facts);
    try {
      for (auto* plane : {&candidate.image.depth, &candidate.image.ids}) {
        if (!*plane) continue;
        const ObjectFile& file = candidate.planes.emplace_back(read_object(**plane));
        *plane = StoredFile(object_path({}, file.sha256, file.extension));
      }
    } catch (const Error& error) {
      candidate.fault = {candidate.image.file.string(), "plane_missing", error.what(), true};
    }
  });
  Transaction transaction(index_.database());
  learn_new_rows();
  for (; problems_taken < source.problems().size(); ++problems_taken) {
    count_source_problem(source.problems()[problems_taken]);
  }
  for (Candidate& candidate : batch) settle_one(candidate);
  each([this](const Candidate& candidate) {
    if (!candidate.stored) return;
    write_object(settings_.store, candidate.object);
    for (const ObjectFile& plane : candidate.planes) write_object(settings_.store, plane);
  });
  if (std::any_of(batch.begin(), batch.end(), [](const Candidate& c) { return c.stored; })) {
    sync_file_system(settings_.store);
  }
  transaction.commit();
  if (settings_.several_passes) {
    for (Candidate& candidate : batch) done_[candidate.key] = std::move(candidate.problems);
  }
  batch.clear();
}

void Intake::settle_one(Candidate& candidate) {
  LabelledImage& image = candidate.image;
  if (candidate.fault) {
    quarantine(candidate, *candidate.fault, image.labels.size());
    return;
  }
  for (const Problem& problem : take_out_bad_labels(image, rules_, image.file.string())) {
    quarantine(candidate, problem, 1);
  }
  if (const auto known = index_.find(candidate.object.sha256, candidate.facts.pixels)) {
    settle_known(candidate, *known);
  } else {
    store(candidate);
  }
}

void Intake::settle_known(Candidate& candidate, const StoreIndex::Known& known) {
  const LabelledImage& image = candidate.image;
  const std::vector<std::string> stored = index_.labels_of(known.id);
  std::vector<std::string> ours;
  for (const Label& label : image.labels) ours.push_back(comparable_label_text(label));
  std::sort(ours.begin(), ours.end());
  if (!ours.empty() && !stored.empty() && ours != stored) {
    const std::string where = image.file.string();
    quarantine(candidate,
               {where, "labels_differ",
                where + ": the same picture is in the store with other labels (" +
                    std::to_string(stored.size()) + ", here " + std::to_string(ours.size()) +
                    "), wanted the same",
                true},
               ours.size());
    return;
  }
  ++counts_.images.already_there;
  if (!known.same_bytes) ++counts_.same_pixels;
  if (stored.empty() && !ours.empty()) {
    index_.add_labels(known.id, image.labels);
    ++counts_.completed;
    counts_.labels.stored += ours.size();
  } else {
    counts_.labels.already_there += ours.size();
  }
  const std::string origin =
      first_of(settings_.origin, first_of(text_in(image.more, "origin"), origin_));
  if (!image.split.empty() && image.split != known.split) ++counts_.first_stands["split"];
  if (session_of(image, origin) != known.session) ++counts_.first_stands["session"];
  if (!settings_.licence.empty() && settings_.licence != known.licence) {
    ++counts_.first_stands["licence"];
  }
}

void Intake::store(Candidate& candidate) {
  StoredImage stored;
  stored.id = last_known_ + 1;
  stored.sha256 = candidate.object.sha256;
  stored.pixels = candidate.facts.pixels;
  stored.file = relative(candidate.image.file.path);
  stored.extension = candidate.object.extension;
  stored.orientation = candidate.facts.orientation;
  stored.gps = candidate.facts.gps;
  stored.ingest = ingest_;
  stored.image = candidate.image;
  LabelledImage& image = stored.image;
  stored.origin = first_of(settings_.origin, first_of(text_in(image.more, "origin"), origin_));
  stored.session = session_of(image, stored.origin);
  std::string licence = text_in(image.more, "licence");
  std::vector<Ingredient> lineage;
  bool first_session = true;
  for (Ingredient& ingredient : image.lineage) {
    if (ingredient.kind == "photo" &&
        (ingredient.sha256.empty() || ingredient.sha256 == stored.sha256)) {
      licence = first_of(ingredient.licence, licence);
      continue;
    }
    if (ingredient.kind == "session") {
      if (std::exchange(first_session, false)) continue;
      ingredient.name = stored.origin + "/" + ingredient.name;
    }
    lineage.push_back(std::move(ingredient));
  }
  image.lineage = std::move(lineage);
  stored.licence = first_of(settings_.licence, licence);
  image.name = index_.free_name(
      is_plain(image.name) ? image.name : fs::path(stored.file).stem().string(), stored.origin);

  NearDuplicates::Place place{stored.id, {}};
  if (candidate.facts.hashes) {
    stored.hash = (*candidate.facts.hashes)[0];
    place = duplicates_.place(stored.id, *candidate.facts.hashes);
  } else {
    ++counts_.without_structure;
  }
  stored.first = place.first;
  if (stored.gps) ++counts_.with_gps;
  index_.add(stored);
  Statement pair(index_.database(), "INSERT INTO near_pairs VALUES(?,?,?)");
  for (const NearPair& near : place.pairs) pair.with(near.image, near.other, near.distance).run();
  last_known_ = stored.id;
  candidate.stored = true;
  ++counts_.images.stored;
  counts_.labels.stored += image.labels.size();
}

void Intake::count_source_problem(const Problem& problem) {
  index_.quarantine(source_name_, ingest_, problem);
  if (settings_.several_passes &&
      !counted_.insert(problem.where + '\n' + problem.reason + '\n' + problem.text).second) {
    return;
  }
  IngestCounts::Rule& rule = counts_.rules[problem.reason];
  if (rule.example.empty()) rule.example = problem.text;
  IngestTally& tally = problem.whole_image ? counts_.images : counts_.labels;
  ++tally.found;
  ++tally.quarantined;
  ++(problem.whole_image ? rule.images : rule.labels);
}

void Intake::quarantine(Candidate& candidate, const Problem& problem, std::uint64_t labels) {
  index_.quarantine(source_name_, ingest_, problem);
  candidate.problems.push_back(problem);
  IngestCounts::Rule& rule = counts_.rules[problem.reason];
  if (rule.example.empty()) rule.example = problem.text;
  if (problem.whole_image) {
    ++counts_.images.quarantined;
    ++rule.images;
  }
  counts_.labels.quarantined += labels;
  rule.labels += labels;
}

void Intake::learn_new_rows() {
  Statement rows(index_.database(),
                 "SELECT id, phash, duplicates FROM images WHERE id > ? ORDER BY id");
  rows.with(last_known_);
  while (rows.step()) {
    last_known_ = rows.number(0);
    if (rows.is_null(1)) continue;
    duplicates_.know(last_known_, static_cast<std::uint64_t>(rows.number(1)), rows.number(2));
  }
}

std::string Intake::relative(const fs::path& file) const {
  const fs::path absolute = fs::weakly_canonical(fs::absolute(file));
  const fs::path path = absolute.lexically_relative(root_);
  const bool inside = !path.empty() && *path.begin() != "..";
  return inside ? path.generic_string() : absolute.filename().string();
}

std::string Intake::session_of(const LabelledImage& image, const std::string& origin) const {
  if (!settings_.session.empty()) return settings_.session;
  for (const Ingredient& ingredient : image.lineage) {
    if (ingredient.kind != "session") continue;
    // A store's own sessions are qualified already.
    const bool qualified = ingredient.name.starts_with(origin + "/");
    return qualified ? ingredient.name.substr(origin.size() + 1) : ingredient.name;
  }
  const std::string folder = fs::path(relative(image.file.path)).parent_path().generic_string();
  return folder.empty() ? root_.filename().string() : folder;
}

IngestSummary Intake::end() {
  if (!counts_.images.balances() || !counts_.labels.balances()) {
    throw Error("ingest: the ledger does not balance: " + json_from(counts_).dump(), Exit::bug);
  }
  Transaction transaction(index_.database());
  index_.end_ingest(ingest_,
                    json_from(counts_).dump(-1, ' ', false, Json::error_handler_t::replace));
  transaction.commit();
  return {source_name_,          settings_.store.string(), origin_,        counts_,
          duplicates_in(index_), index_.images(),          index_.labels()};
}

}  // namespace orrery

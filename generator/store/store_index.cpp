#include "generator/store/store_index.hpp"

#include <algorithm>
#include <ctime>

#include "generator/label_json.hpp"
#include "generator/store/store.hpp"
#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr std::int64_t kSchemaVersion = 1;

constexpr const char* kSchema = R"(
CREATE TABLE classes(
  id INTEGER PRIMARY KEY,          -- class id, from 0; never changes
  name TEXT NOT NULL UNIQUE,
  keypoints TEXT);                 -- JSON; null: none
CREATE TABLE ingests(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,            -- absolute path
  origin TEXT NOT NULL,
  command TEXT NOT NULL,           -- JSON
  began TEXT NOT NULL,             -- UTC
  ended TEXT,                      -- null: it is running, or was cut off
  counts TEXT);                    -- JSON
CREATE TABLE images(
  id INTEGER PRIMARY KEY,          -- order of ingestion, from 1
  sha256 TEXT NOT NULL UNIQUE,     -- of the file
  pixels TEXT NOT NULL UNIQUE,     -- SHA-256 of width, height and RGBA, decoded and upright
  name TEXT NOT NULL UNIQUE,
  file TEXT NOT NULL,              -- as the source named it
  extension TEXT NOT NULL,         -- of the object, with its dot
  width INTEGER NOT NULL,          -- upright, pixels
  height INTEGER NOT NULL,
  orientation INTEGER NOT NULL,    -- EXIF, as stored
  split TEXT NOT NULL,
  session TEXT NOT NULL,
  licence TEXT NOT NULL,
  origin TEXT NOT NULL,
  phash INTEGER,                   -- null: no structure to compare
  has_exif_gps INTEGER NOT NULL,
  duplicates INTEGER NOT NULL,     -- id of the first picture of its group of near duplicates
  status TEXT NOT NULL,            -- "labelled", or "unlabelled" until a label comes
  said TEXT NOT NULL,              -- JSON: what else the source says
  ingest INTEGER NOT NULL REFERENCES ingests(id));
CREATE INDEX images_by_group ON images(duplicates);
CREATE TABLE annotations(
  image INTEGER NOT NULL REFERENCES images(id),
  number INTEGER NOT NULL,         -- order within the image, from 0
  class INTEGER NOT NULL REFERENCES classes(id),
  label TEXT NOT NULL,             -- JSON of a label
  PRIMARY KEY(image, number)) WITHOUT ROWID;
CREATE TABLE near_pairs(           -- of different groups that look alike
  image INTEGER NOT NULL REFERENCES images(id),
  other INTEGER NOT NULL REFERENCES images(id),
  distance INTEGER NOT NULL,       -- bits of 64
  PRIMARY KEY(image, other)) WITHOUT ROWID;
CREATE TABLE quarantine(
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,            -- absolute path
  place TEXT NOT NULL,
  rule TEXT NOT NULL,
  text TEXT NOT NULL,
  whole_image INTEGER NOT NULL,
  ingest INTEGER NOT NULL REFERENCES ingests(id));
CREATE INDEX quarantine_by_source ON quarantine(source);
)";

std::string now() {
  const std::time_t time = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&time, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

std::filesystem::path index_of(const std::filesystem::path& store) {
  return store / "index.sqlite";
}

void make_schema(Database& database) {
  database.write_ahead();
  database.run("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  if (database.number("PRAGMA user_version") != 0) return;
  Transaction transaction(database);
  // Another process may have been faster.
  if (database.number("PRAGMA user_version") != 0) return;
  database.run(kSchema);
  database.run(("PRAGMA user_version = " + std::to_string(kSchemaVersion)).c_str());
  transaction.commit();
}

/// What the columns do not have.
Json said_by(const LabelledImage& image) {
  Json said = Json::object();
  if (!image.lineage.empty()) {
    for (const Ingredient& ingredient : image.lineage)
      said["lineage"].push_back(json_from(ingredient));
  }
  if (image.fold) said["fold"] = *image.fold;
  if (image.train_only) said["train_only"] = true;
  if (!image.track.empty()) said["track"] = image.track;
  if (image.camera) said["camera"] = json_from(*image.camera);
  if (image.depth) said["depth"] = image.depth->string();
  if (image.ids) said["ids"] = image.ids->string();
  if (image.more != Json::object()) said["more"] = image.more;
  return said;
}

}  // namespace

StoreIndex::StoreIndex(const std::filesystem::path& store, Database::Mode mode)
    : folder_(store), database_(index_of(store), mode) {
  if (mode == Database::Mode::write) make_schema(database_);
  const std::int64_t version = database_.number("PRAGMA user_version");
  if (version != kSchemaVersion) {
    throw Error(index_of(store).string() + ": has schema version " + std::to_string(version) +
                ", wanted " + std::to_string(kSchemaVersion));
  }
}

DatasetInfo StoreIndex::info() {
  DatasetInfo info;
  info.name = folder_.filename().string();
  bool any = false;
  Statement classes(database_, "SELECT name, keypoints FROM classes ORDER BY id");
  while (classes.step()) {
    info.classes.push_back(classes.text(0));
    info.keypoints.emplace_back();
    if (classes.is_null(1)) continue;
    any = true;
    const std::string where = index_of(folder_).string() + ": keypoints of " + classes.text(0);
    info.keypoints.back() = keypoints_from_json(Json::parse(classes.text(1)), where);
  }
  if (!any) info.keypoints.clear();
  return info;
}

std::vector<std::uint32_t> StoreIndex::add_classes(const DatasetInfo& info) {
  std::vector<std::uint32_t> places;
  Statement find(database_, "SELECT id, keypoints FROM classes WHERE name = ?");
  Statement add(database_, "INSERT INTO classes(id, name) SELECT count(*), ? FROM classes");
  Statement define(database_, "UPDATE classes SET keypoints = ? WHERE id = ?");
  for (std::size_t c = 0; c < info.classes.size(); ++c) {
    if (!find.with(info.classes[c]).step()) {
      add.with(info.classes[c]).run();
      find.with(info.classes[c]).step();
    }
    const std::int64_t id = find.number(0);
    const bool defined = !find.is_null(1);
    find.reset();
    places.push_back(static_cast<std::uint32_t>(id));
    if (defined || c >= info.keypoints.size() || info.keypoints[c].points.empty()) continue;
    define.with(json_from(info.keypoints[c]).dump(), id).run();
  }
  return places;
}

bool StoreIndex::holds(const std::string& sha256) {
  Statement find(database_, "SELECT 1 FROM images WHERE sha256 = ?");
  return find.with(sha256).step();
}

std::optional<StoreIndex::Known> StoreIndex::find(const std::string& sha256,
                                                  const std::string& pixels) {
  Statement find(database_,
                 "SELECT id, split, session, licence, sha256 = ?1 FROM images "
                 "WHERE sha256 = ?1 OR pixels = ?2 ORDER BY sha256 <> ?1 LIMIT 1");
  if (!find.with(sha256, pixels).step()) return std::nullopt;
  return Known{find.number(0), find.text(1), find.text(2), find.text(3), find.number(4) != 0};
}

std::vector<std::string> StoreIndex::labels_of(std::int64_t image) {
  std::vector<std::string> texts;
  Statement find(database_, "SELECT label FROM annotations WHERE image = ? ORDER BY number");
  find.with(image);
  while (find.step()) {
    texts.push_back(comparable_label_text(
        label_from_json(Json::parse(find.text(0)),
                        index_of(folder_).string() + ": image " + std::to_string(image))));
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::string StoreIndex::free_name(const std::string& wanted, const std::string& origin) {
  Statement find(database_, "SELECT 1 FROM images WHERE name = ?");
  if (!find.with(wanted).step()) return wanted;
  std::string qualified;
  for (const char c : origin) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    qualified += plain || c == '-' || c == '.' ? c : '_';
  }
  if (qualified.find_first_not_of('.') == std::string::npos) qualified = "_";
  qualified += "/" + wanted;
  std::string name = qualified;
  for (int n = 2; find.with(name).step(); ++n) name = qualified + "~" + std::to_string(n);
  return name;
}

void StoreIndex::add(const StoredImage& stored) {
  const LabelledImage& image = stored.image;
  Statement add(database_, "INSERT INTO images VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  std::optional<std::int64_t> hash;
  if (stored.hash) hash = static_cast<std::int64_t>(*stored.hash);
  const std::string status = image.labels.empty() ? "unlabelled" : "labelled";
  add.with(stored.id, stored.sha256, stored.pixels, image.name, stored.file, stored.extension,
           image.width, image.height, stored.orientation, image.split, stored.session,
           stored.licence, stored.origin, hash, stored.gps, stored.first, status,
           said_by(image).dump(), stored.ingest)
      .run();
  add_labels(stored.id, image.labels);
}

void StoreIndex::add_labels(std::int64_t image, const std::vector<Label>& labels) {
  Statement add(database_, "INSERT INTO annotations VALUES(?,?,?,?)");
  std::int64_t number = 0;
  for (const Label& label : labels) {
    add.with(image, number++, label.class_id, label_text(label)).run();
  }
  if (labels.empty()) return;
  Statement mark(database_, "UPDATE images SET status = 'labelled' WHERE id = ?");
  mark.with(image).run();
}

void StoreIndex::quarantine(const std::string& source, std::int64_t ingest,
                            const Problem& problem) {
  Statement add(database_,
                "INSERT INTO quarantine(source, place, rule, text, whole_image, ingest) "
                "VALUES(?,?,?,?,?,?)");
  add.with(source, problem.where, problem.reason, problem.text, problem.whole_image, ingest).run();
}

void StoreIndex::clear_quarantine(const std::string& source) {
  Statement clear(database_, "DELETE FROM quarantine WHERE source = ?");
  clear.with(source).run();
}

std::int64_t StoreIndex::begin_ingest(const std::string& source, const std::string& origin,
                                      const std::string& command) {
  Statement find(database_,
                 "SELECT id FROM ingests WHERE ended IS NULL AND source = ? AND command = ?");
  if (find.with(source, command).step()) return find.number(0);
  Statement add(database_, "INSERT INTO ingests(source, origin, command, began) VALUES(?,?,?,?)");
  add.with(source, origin, command, now()).run();
  return database_.last_row();
}

void StoreIndex::end_ingest(std::int64_t id, const std::string& counts) {
  Statement end(database_, "UPDATE ingests SET ended = ?, counts = ? WHERE id = ?");
  end.with(now(), counts, id).run();
}

std::string StoreIndex::origin_for(const std::string& wanted, const std::string& source) {
  Statement taken(database_, "SELECT 1 FROM ingests WHERE origin = ? AND source <> ?");
  std::string origin = wanted;
  for (int n = 2; taken.with(origin, source).step(); ++n) origin = wanted + " " + std::to_string(n);
  return origin;
}

std::string label_text(const Label& label) { return json_from(label).dump(); }

std::string comparable_label_text(Label label) {
  label.id = 0;
  return label_text(label);
}

}  // namespace orrery

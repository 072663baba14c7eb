#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace orrery {

/// An SQLite file. Every failure is an Error that begins with its path (Exit::io; Exit::data if the
/// file is no database). Used by one thread at a time.
class Database {
 public:
  enum class Mode { read, write };

  /// `write` makes the file if it is not there. Waits up to a minute for other processes.
  Database(const std::filesystem::path& file, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Statements without values or results.
  void run(const char* sql);
  /// Readers and a writer do not wait for each other from now on, in any process.
  void write_ahead();
  std::int64_t number(const char* sql);
  std::int64_t last_row() const;
  [[noreturn]] void fail(const char* doing) const;

 private:
  friend class Statement;
  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement. Values are numbered from 0, and so are columns.
class Statement {
 public:
  Statement(Database& database, const char* sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  template <class... Values>
  Statement& with(const Values&... values) {
    reset();
    int at = 0;
    (bind(++at, values), ...);
    return *this;
  }
  /// The next row; false after the last.
  bool step();
  /// Runs a statement that gives no rows.
  void run() {
    while (step()) {
    }
  }
  void reset();

  std::int64_t number(int column) const;
  std::string text(int column) const;
  bool is_null(int column) const;

 private:
  void bind(int at, std::int64_t value);
  void bind(int at, int value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, std::uint32_t value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, bool value) { bind(at, static_cast<std::int64_t>(value)); }
  void bind(int at, const std::string& value);
  void bind(int at, const std::optional<std::int64_t>& value);

  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

/// All or nothing: undone unless committed. Takes the right to write at once, so what is read in it
/// stays true until it ends.
class Transaction {
 public:
  explicit Transaction(Database& database) : database_(database) {
    database_.run("BEGIN IMMEDIATE");
  }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace orrery

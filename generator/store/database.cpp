#include "generator/store/database.hpp"

#include <sqlite3.h>

#include <chrono>
#include <thread>

#include "scenes/error.hpp"

namespace orrery {
namespace {

constexpr std::chrono::milliseconds kPatience{60'000};

}  // namespace

Database::Database(const std::filesystem::path& file, Mode mode) : file_(file) {
  const int flags =
      mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(file.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr) != SQLITE_OK) {
    const std::string reason = sqlite3_errmsg(handle_);
    sqlite3_close_v2(handle_);
    throw Error(file.string() + ": cannot be opened: " + reason, Exit::io);
  }
  sqlite3_busy_timeout(handle_, static_cast<int>(kPatience.count()));
}

Database::~Database() { sqlite3_close_v2(handle_); }

void Database::fail(const char* doing) const {
  const int code = sqlite3_errcode(handle_);
  throw Error(file_.string() + ": cannot be " + doing + ": " + sqlite3_errmsg(handle_),
              code == SQLITE_NOTADB || code == SQLITE_CORRUPT ? Exit::data : Exit::io);
}

void Database::run(const char* sql) {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("written");
}

void Database::write_ahead() {
  // Only for this statement SQLite does not wait until others let it, whatever the patience.
  const auto start = std::chrono::steady_clock::now();
  while (sqlite3_exec(handle_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr) !=
         SQLITE_OK) {
    const bool late = std::chrono::steady_clock::now() - start > kPatience;
    if (sqlite3_errcode(handle_) != SQLITE_BUSY || late) fail("written");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::int64_t Database::number(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_); }

Statement::Statement(Database& database, const char* sql) : database_(database) {
  if (sqlite3_prepare_v2(database.handle_, sql, -1, &handle_, nullptr) != SQLITE_OK) {
    database.fail("read");
  }
}

Statement::~Statement() { sqlite3_finalize(handle_); }

bool Statement::step() {
  const int status = sqlite3_step(handle_);
  if (status == SQLITE_ROW) return true;
  if (status != SQLITE_DONE) database_.fail("read or written");
  return false;
}

void Statement::reset() {
  sqlite3_reset(handle_);  // repeats the failure that step() threw
  sqlite3_clear_bindings(handle_);
}

void Statement::bind(int at, std::int64_t value) {
  if (sqlite3_bind_int64(handle_, at, value) != SQLITE_OK) database_.fail("asked");
}

void Statement::bind(int at, const std::string& value) {
  const int size = static_cast<int>(value.size());
  if (sqlite3_bind_text(handle_, at, value.c_str(), size, SQLITE_TRANSIENT) != SQLITE_OK) {
    database_.fail("asked");
  }
}

void Statement::bind(int at, const std::optional<std::int64_t>& value) {
  if (value) bind(at, *value);  // else it stays null
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(handle_, column); }

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(handle_, column);
  if (text == nullptr) return {};
  return {reinterpret_cast<const char*>(text),
          static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const Error&) {
    // Closing the file undoes it, too.
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace orrery

#include <doctest/doctest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <sstream>
#include <thread>

#include "generator/store/ingest_command.hpp"
#include "generator/store/store.hpp"
#include "scenes/error.hpp"
#include "scenes/temporary_folder.hpp"
#include "tests/generator/store/plain_source.hpp"

using namespace orrery;
using namespace orrery::testing;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

/// This program once more, as an ingest of its own: the test case below that other runs skip.
class Ingest {
 public:
  Ingest(const fs::path& source, const fs::path& store, bool watch) {
    setenv("ORRERY_TEST_SOURCE", source.c_str(), 1);
    setenv("ORRERY_TEST_STORE", store.c_str(), 1);
    setenv("ORRERY_TEST_WATCH", watch ? "1" : "0", 1);
    std::string name = fs::read_symlink("/proc/self/exe").string();
    std::string which = "--test-case=an ingest in a process of its own";
    std::string skipped = "--no-skip";
    std::array<char*, 4> arguments{name.data(), which.data(), skipped.data(), nullptr};
    REQUIRE(posix_spawn(&process_, name.c_str(), nullptr, nullptr, arguments.data(), environ) == 0);
  }
  ~Ingest() {
    if (process_ != 0) end(SIGKILL);
  }
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

  /// Sends a signal (0: none) and waits. The exit status, or minus the signal that ended it.
  int end(int signal) {
    if (signal != 0) kill(process_, signal);
    int status = 0;
    waitpid(process_, &status, 0);
    process_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t process_ = 0;
};

bool within(std::chrono::seconds patience, const std::function<bool()>& true_soon) {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until) {
    if (true_soon()) return true;
    std::this_thread::sleep_for(20ms);
  }
  return false;
}

/// Reads the store anew, as another process may at any moment.
std::pair<std::size_t, std::size_t> size_of(const fs::path& store) {
  try {
    std::size_t labels = 0;
    const auto images = all_of(store);
    for (const LabelledImage& image : images) labels += image.labels.size();
    return {images.size(), labels};
  } catch (const Error&) {
    return {0, 0};  // before its schema is there
  }
}

/// An ingest has begun and not ended.
bool is_running(const fs::path& store) {
  StoreIndex index(store, Database::Mode::read);
  return index.database().number("SELECT count(*) FROM ingests WHERE ended IS NULL") == 1;
}

using Size = std::pair<std::size_t, std::size_t>;

}  // namespace

TEST_SUITE("watch") {
  TEST_CASE("an ingest in a process of its own" * doctest::skip()) {
    const char* source = std::getenv("ORRERY_TEST_SOURCE");
    if (source == nullptr) return;
    IngestCommand command;
    command.source = source;
    command.store = std::getenv("ORRERY_TEST_STORE");
    command.watch = std::string(std::getenv("ORRERY_TEST_WATCH")) == "1";
    command.json = true;
    std::ostringstream ignored;
    std::_Exit(run_ingest(
        command, [&] { return open_plain(source); }, ignored));
  }

  TEST_CASE("a watched folder is taken in while another process reads, and SIGTERM ends it well") {
    const TemporaryFolder scratch;
    const fs::path photos = scratch.path / "photos";
    const fs::path store = scratch.path / "store";
    write_jpeg(photos / "1.jpg", hills(1));
    write_text(photos / "1.txt", "0 1 2 3 4\n");
    for (const int signal : {SIGTERM, SIGINT}) {
      Ingest ingest(photos, store, true);
      CHECK(within(30s, [&] { return size_of(store) >= Size{1, 1} && is_running(store); }));
      if (signal == SIGTERM) {
        // Labels after their picture, labels before it, and a new folder.
        write_jpeg(photos / "2.jpg", hills(2));
        CHECK(within(30s, [&] { return size_of(store) == Size{2, 1}; }));
        write_text(photos / "2.txt", "1 1 2 3 4\n2 5 5 8 8\n");
        CHECK(within(30s, [&] { return size_of(store) == Size{2, 3}; }));
        write_text(photos / "3.txt", "1 1 2 3 4\n");
        std::this_thread::sleep_for(500ms);
        write_jpeg(photos / "3.jpg", hills(3));
        CHECK(within(30s, [&] { return size_of(store) == Size{3, 4}; }));
        write_jpeg(photos / "new/deep/4.jpg", hills(4));
        CHECK(within(30s, [&] { return size_of(store) == Size{4, 4}; }));
      }
      CHECK(ingest.end(signal) == 0);
    }
    CHECK(size_of(store) == Size{4, 4});
    StoreIndex index(store, Database::Mode::read);
    CHECK(index.database().number("SELECT count(*) FROM ingests WHERE ended IS NULL") == 0);
    CHECK(index.database().number("SELECT count(*) FROM quarantine") == 0);
  }

  TEST_CASE("a killed ingest leaves a store that opens, and a second one completes it") {
    const TemporaryFolder scratch;
    const fs::path photos = scratch.path / "photos";
    for (std::uint64_t i = 0; i < 300; ++i) {
      const std::string name = std::to_string(1000 + i);
      write_jpeg(photos / (name + ".jpg"), hills(i % 290, 200, 150), i < 290 ? 90 : 70);
      write_text(photos / (name + ".txt"), "0 1 2 3 4\n1 2 2 5 " + name + "\n");
    }
    CHECK(Ingest(photos, scratch.path / "whole", false).end(0) == 0);
    const std::string wanted = content_of(scratch.path / "whole");
    std::size_t partial = 0;
    for (std::size_t images = 1; images < 250; images += 80) {
      const fs::path store = scratch.path / ("store" + std::to_string(images));
      {
        Ingest ingest(photos, store, false);
        within(30s, [&] { return size_of(store).first >= images; });
        CHECK(ingest.end(SIGKILL) <= 0);
      }
      const std::size_t left = size_of(store).first;
      if (left < 300) ++partial;
      CHECK(left >= images);
      CHECK(Ingest(photos, store, false).end(0) == 0);
      CHECK(content_of(store) == wanted);
      CHECK(fs::is_empty(store / "incoming"));
    }
    CHECK(partial > 0);
  }

  TEST_CASE("two ingests at once take in the pictures of both") {
    const TemporaryFolder scratch;
    for (std::uint64_t i = 0; i < 100; ++i) {
      write_jpeg(scratch.path / "a" / (std::to_string(i) + ".jpg"), hills(i));
      write_jpeg(scratch.path / "b" / (std::to_string(i) + ".jpg"), hills(50 + i));
    }
    Ingest a(scratch.path / "a", scratch.path / "store", false);
    Ingest b(scratch.path / "b", scratch.path / "store", false);
    CHECK(a.end(0) == 0);
    CHECK(b.end(0) == 0);
    CHECK(size_of(scratch.path / "store").first == 150);
  }
}

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "actors/ports/journal.hpp"
#include "runtime/journal/sqlite_journal.hpp"
#include "runtime/url/parse_url.hpp"

namespace fulfilld::testing {

using namespace std::chrono_literals;
using Status = AcceptAnswer::Status;

/// A directory of its own, removed at the end.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    std::string pattern = (std::filesystem::temp_directory_path() / "fulfilld-journal-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no scratch directory");
    path_ = pattern;
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// Keeps what the journal reports, and waits for it.
class RecordedEvents final : public JournalEvents {
 public:
  void accepted(std::vector<ExecutionPtr> executions) override {
    const std::lock_guard lock(mutex_);
    for (auto& execution : executions) accepted_.push_back(std::move(execution));
    changed_.notify_all();
  }
  void decided(std::vector<Delivery> deliveries) override {
    const std::lock_guard lock(mutex_);
    for (auto& delivery : deliveries) decided_.push_back(std::move(delivery));
    changed_.notify_all();
  }

  [[nodiscard]] std::vector<ExecutionPtr> accepted() const {
    const std::lock_guard lock(mutex_);
    return accepted_;
  }
  [[nodiscard]] std::vector<Delivery> decided() const {
    const std::lock_guard lock(mutex_);
    return decided_;
  }
  /// False if there are not so many within 20 s.
  [[nodiscard]] bool wait_for_decided(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return decided_.size() >= count; });
  }
  [[nodiscard]] bool wait_for_accepted(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return accepted_.size() >= count; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ExecutionPtr> accepted_;
  std::vector<Delivery> decided_;
};

/// Notices, to be waited for.
class RecordedNotices {
 public:
  [[nodiscard]] JournalNotice sink() {
    return [this](LogLevel, std::string text) {
      const std::lock_guard lock(mutex_);
      texts_.push_back(std::move(text));
      changed_.notify_all();
    };
  }
  [[nodiscard]] bool wait_for(const std::string& part) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return contains(part); });
  }
  [[nodiscard]] bool has(const std::string& part) {
    const std::lock_guard lock(mutex_);
    return contains(part);
  }

 private:
  [[nodiscard]] bool contains(const std::string& part) const {
    for (const auto& text : texts_)
      if (text.find(part) != std::string::npos) return true;
    return false;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
};

inline std::string url_of(const std::string& id) { return "https://api.mypurecloud.com/api/v2/fulfill/" + id; }

inline std::shared_ptr<Execution> make_execution(const std::string& id, const std::string& url,
                                                 const std::string& data = R"({"customer":1})") {
  auto execution = std::make_shared<Execution>();
  execution->id = id;
  execution->action = "default";
  execution->fulfillment_url = parse_url(url).url.value();
  execution->fulfillment_token = "token-of-" + id;
  execution->data = data;
  execution->correlation_id = "correlation-" + id;
  execution->accepted_at = WallTime(1'700'000'000'000ms);
  return execution;
}

inline std::shared_ptr<Execution> make_execution(const std::string& id) { return make_execution(id, url_of(id)); }

inline Outcome completed() { return {Reason::none, R"({"status":"complete"})"}; }

/// A journal in a scratch directory that can be closed and opened again.
class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    options.directory = directory.path() / "journal";
    options.notice = notices.sink();
    options.accept_timeout = 20s;
  }

  /// Closes the one before. What it had left unfinished is in `unfinished`.
  SqliteJournal& open() {
    journal.reset();
    journal = std::make_unique<SqliteJournal>(options, events);
    unfinished.clear();
    journal->recover(blame, [this](std::vector<Unfinished> slice) {
      for (auto& one : slice) unfinished.push_back(std::move(one));
    });
    journal->start();
    return *journal;
  }

  [[nodiscard]] std::vector<std::string> unfinished_ids() const {
    std::vector<std::string> ids;
    for (const auto& one : unfinished) ids.push_back(one.execution->id);
    return ids;
  }

  ScratchDirectory directory;
  RecordedEvents events;
  RecordedNotices notices;
  SqliteJournalOptions options;
  std::unique_ptr<SqliteJournal> journal;
  std::vector<Unfinished> unfinished;
  Blame blame;  ///< who is blamed at the next `open`
};

}  // namespace fulfilld::testing

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace fulfilld::journal {

/// The connection to `journal.db`: settings, transactions, checkpoints. Throws `SQLite::Exception`. One thread.
class Database {
 public:
  Database(const std::filesystem::path& file, const std::string& vfs, bool full_sync);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void begin();
  void commit();
  /// Also puts an end to whatever a failed statement left behind. Does nothing without a transaction.
  void rollback() noexcept;

  void run(const std::string& sql) { connection_.exec(sql); }
  [[nodiscard]] SQLite::Statement prepare(const std::string& sql) const { return {connection_, sql}; }

  /// At first, closing leaves the log as it is: a damaged database must not be mixed with it. From now on closing
  /// brings all of the log into the database.
  void close_with_checkpoint() noexcept { set_checkpoint_on_close(true); }

  /// What the pages that are in use take; purged ones are not, though the file keeps them.
  [[nodiscard]] std::uint64_t bytes_in_use() const;

  /// Throws away the oldest part of the write-ahead log once it is long enough. Done between commits, so that
  /// nobody waits for it: SQLite by itself would do it inside one.
  void checkpoint_if_due();

 private:
  void set_checkpoint_on_close(bool on) noexcept;
  static int remember_log_size(void* self, sqlite3* connection, const char* schema, int pages) noexcept;

  SQLite::Database connection_;
  std::unique_ptr<SQLite::Statement> begin_;
  std::unique_ptr<SQLite::Statement> commit_;
  std::unique_ptr<SQLite::Statement> rollback_;
  int log_pages_ = 0;
};

/// Runs a statement that answers no rows, and makes it ready for the next time also if it throws.
void execute(SQLite::Statement& statement);

/// Makes a statement that answers rows ready for the next time.
struct ResetAtEnd {
  SQLite::Statement& statement;
  ~ResetAtEnd() { statement.tryReset(); }
};

/// Binds without a copy: `bytes` must live until the statement was run.
void bind_blob(SQLite::Statement& statement, int index, std::string_view bytes);

/// A text or blob column of the present row; valid until the next step.
[[nodiscard]] std::string_view bytes_of(SQLite::Statement& statement, int index);

}  // namespace fulfilld::journal

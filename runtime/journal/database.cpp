// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/database.hpp"

#include <sqlite3.h>

#include "runtime/journal/file_format.hpp"

namespace fulfilld::journal {
namespace {

constexpr int checkpoint_pages = 4000;

}  // namespace

Database::Database(const std::filesystem::path& file, const std::string& vfs, bool full_sync)
    : connection_(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX, 0, vfs) {
  set_checkpoint_on_close(false);
  run("PRAGMA page_size=4096");
  run("PRAGMA cell_size_check=ON");
  run("PRAGMA locking_mode=EXCLUSIVE");
  run("PRAGMA journal_mode=WAL");
  run(full_sync ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
  run("PRAGMA wal_autocheckpoint=0");
  run("PRAGMA journal_size_limit=67108864");
  run("PRAGMA cache_size=-16384");
  run("PRAGMA temp_store=MEMORY");
  run("PRAGMA secure_delete=FAST");
  sqlite3_wal_hook(connection_.getHandle(), &Database::remember_log_size, this);
  begin_ = std::make_unique<SQLite::Statement>(connection_, "BEGIN");
  commit_ = std::make_unique<SQLite::Statement>(connection_, "COMMIT");
  rollback_ = std::make_unique<SQLite::Statement>(connection_, "ROLLBACK");
}

void Database::begin() { execute(*begin_); }

void Database::commit() { execute(*commit_); }

void Database::rollback() noexcept {
  if (sqlite3_get_autocommit(connection_.getHandle()) != 0) return;
  rollback_->tryExecuteStep();
  rollback_->tryReset();
}

std::uint64_t Database::bytes_in_use() const {
  const auto number = [&](const char* sql) {
    auto query = prepare(sql);
    return query.executeStep() ? static_cast<std::uint64_t>(query.getColumn(0).getInt64()) : 0;
  };
  return (number("PRAGMA page_count") - number("PRAGMA freelist_count")) * page_size;
}

void Database::checkpoint_if_due() {
  if (log_pages_ < checkpoint_pages) return;
  log_pages_ = 0;
  connection_.check(
      sqlite3_wal_checkpoint_v2(connection_.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr));
}

void Database::set_checkpoint_on_close(bool on) noexcept {
  sqlite3_db_config(connection_.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, on ? 0 : 1, nullptr);
}

int Database::remember_log_size(void* self, sqlite3* /*connection*/, const char* /*schema*/, int pages) noexcept {
  static_cast<Database*>(self)->log_pages_ = pages;
  return SQLITE_OK;
}

void execute(SQLite::Statement& statement) {
  const int result = statement.tryExecuteStep();
  if (result == SQLITE_DONE) {
    statement.reset();
    return;
  }
  // The step's own message is lost once the statement was reset.
  const SQLite::Exception failure(statement.getErrorMsg(), statement.getExtendedErrorCode());
  statement.tryReset();
  throw failure;
}

void bind_blob(SQLite::Statement& statement, int index, std::string_view bytes) {
  statement.bindNoCopy(index, bytes.data() == nullptr ? "" : bytes.data(), static_cast<int>(bytes.size()));
}

std::string_view bytes_of(SQLite::Statement& statement, int index) {
  const auto column = statement.getColumn(index);
  const auto* data = static_cast<const char*>(column.getBlob());
  return {data, static_cast<std::size_t>(column.getBytes())};
}

}  // namespace fulfilld::journal

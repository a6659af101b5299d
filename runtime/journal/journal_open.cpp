// SPDX-License-Identifier: Apache-2.0
// How JournalStore comes to its tables: a new journal, one from before, or what is left of a damaged one.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/journal/damage.hpp"
#include "runtime/journal/journal_row.hpp"
#include "runtime/journal/journal_store.hpp"
#include "runtime/journal/log_break.hpp"
#include "runtime/journal/note.hpp"
#include "runtime/journal/page_scan.hpp"
#include "runtime/journal/row_digest.hpp"
#include "runtime/journal/salvage.hpp"
#include "runtime/journal/schema.hpp"
#include "runtime/journal/sealing.hpp"
#include "runtime/journal/tables.hpp"

namespace fulfilld::journal {
namespace fs = std::filesystem;
namespace {

std::string advice(const SQLite::Exception& error) {
  switch (error.getErrorCode() & 0xff) {
    case SQLITE_FULL:
      return "free some space on its disk";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "close the other program that has it open";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      return "give this user write access to the directory and its files";
    case SQLITE_IOERR:
      return "check the disk, and the system log for what it reports";
    default:
      return "see the error, or choose another journal.directory";
  }
}

/// SQLite would make the file readable for all.
void make_private_file(const fs::path& file, const fs::path& directory) {
  const int made = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (made < 0)
    throw JournalError("the journal " + file.string() + " cannot be opened (" + std::strerror(errno) +
                       "): give this user write access to it, and room on the disk");
  const bool is_private = fchmod(made, 0600) == 0;
  close(made);
  if (!is_private)
    throw JournalError("the journal " + file.string() + " cannot be made private (" + std::strerror(errno) +
                       "): it must belong to the user that runs fulfilld");
  // The new name must be on the disk before the first acknowledged commit is.
  const int parent = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (parent >= 0) {
    fsync(parent);
    close(parent);
  }
}

}  // namespace

JournalStore::JournalStore(const SqliteJournalOptions& options)
    : options_(options), file_(options.directory / "journal.db") {
  if (!options.vfs.empty() && sqlite3_vfs_find(options.vfs.c_str()) == nullptr)
    throw JournalError("SQLite has no VFS named " + options.vfs + ": register it before the journal is opened");
  try {
    open_or_salvage();
  } catch (const SQLite::Exception& error) {
    throw JournalError("the journal in " + options_.directory.string() + " cannot be opened (" + error.what() +
                       "): " + advice(error));
  } catch (const NewerSchema& newer) {
    throw JournalError("the journal in " + options_.directory.string() + " has schema version " +
                       std::to_string(newer.found()) + " and this program knows versions up to " +
                       std::to_string(1 + known_migrations().size()) +
                       ": run the newer fulfilld, or choose another journal.directory");
  } catch (const Damage& damage) {
    throw JournalError("the journal in " + options_.directory.string() +
                       " is damaged again right after it was saved (" + damage.what() + "): check the disk");
  } catch (const fs::filesystem_error& error) {
    throw JournalError("the journal in " + options_.directory.string() + " cannot be opened (" + error.what() +
                       "): give this user write access to the directory and its files");
  }
}

void JournalStore::open_or_salvage() {
  if (salvage_waits(file_)) {
    discard_partial_salvage(file_);
  } else {
    std::string damage;
    try {
      check_files(file_);
      keep_log_if_it_breaks(file_);
      connect();
      if (kept_log_waits(file_)) rescue_log();
      return;
    } catch (const Damage& found) {
      damage = found.what();
    } catch (const SQLite::Exception& error) {
      if (!speaks_of_damage(error)) throw;
      damage = error.what();
    }
    notice(LogLevel::error, "the journal " + file_.string() + " is damaged (" + damage +
                                "): it is set aside, and what is intact in it is saved");
    partitions_.clear();
    database_.reset();
    set_aside(file_);
    drop_kept_log(file_);
  }
  connect();
  salvage_from(salvage_source(file_));
  const auto kept = keep_for_inspection(file_);
  notice(LogLevel::error, "the damaged journal is kept as " + kept.string() +
                              ": look at it or remove it; it holds secrets and payloads");
}

void JournalStore::connect() {
  next_sequence_ = 1;
  make_private_file(file_, options_.directory);
  database_ = std::make_unique<Database>(file_, options_.vfs, options_.full_sync);
  check_all_if_requested(*database_, file_);
  check_table(*database_, "sqlite_schema");
  prepare_schema(*database_, known_migrations());
  check_descriptions(*database_);
  check_table(*database_, "meta");
  check_table(*database_, "partition");
  keys_ = fingerprint_keys(*database_);
  load_partitions();
  database_->close_with_checkpoint();
  if (partitions_.empty() || partitions_.back()->closed_at) roll();
  committed_end_ = next_sequence_;
}

void JournalStore::load_partitions() {
  partitions_ = read_partitions(*database_);
  for (const auto& partition : partitions_) {
    if (partition->first_sequence < next_sequence_ || (!partition->closed_at && partition != partitions_.back()))
      throw Damage("its partitions contradict each other");
    next_sequence_ = std::max(partition->first_sequence, partition->last_end);
    if (!partition->ended) load_progress(*database_, *partition);
    if (!partition->sealed) load_fingerprints(*database_, *partition, keys_);
    next_sequence_ = std::max(next_sequence_, partition->end_sequence());
  }
  if (!partitions_.empty() && bytes_until_close(options_) > 0) load_bytes(*database_, *partitions_.back());
}

void JournalStore::salvage_from(const fs::path& source) {
  const auto saved = salvage(source, *database_, options_.partition_rows, now());
  // Reads what was saved, and closes the partitions that it fills.
  partitions_.clear();
  database_.reset();
  connect();
  notice(saved.accepts == 0 ? LogLevel::warning : LogLevel::info,
         "saved from the damaged journal: " + std::to_string(saved.accepts) + " executions, " +
             std::to_string(saved.outcomes) + " outcomes, " + std::to_string(saved.endings) + " endings, of which " +
             std::to_string(unfinished()) + " executions are unfinished");
}

void JournalStore::rescue_log() {
  std::size_t saved = 0;
  in_transaction([&] {
    for (const auto kind : {RowKind::accept, RowKind::outcome, RowKind::ending, RowKind::note, RowKind::alias})
      scan_pages(kept_log(file_), [&](const RawRow& row) {
        if (recognise(row) == kind && rescue_row(row, kind)) ++saved;
      });
    scan_pages(kept_log(file_), [&](const RawRow& row) {
      suspect_sending(row, [&](std::uint64_t sequence) { rescue_suspect(sequence); });
    });
  });
  partitions_.clear();
  database_.reset();
  connect();
  drop_kept_log(file_);
  notice(LogLevel::warning, "the journal's log breaks off before its end (power was lost, or it is damaged); " +
                                std::to_string(saved) + " records from behind the break were saved");
}

bool JournalStore::rescue_row(const RawRow& row, RowKind kind) {
  const auto sequence = sequence_of(row, kind);
  Partition* partition = partition_of(sequence);
  // What lies outside of all partitions, or in one that has ended, is an old version of something purged.
  if (partition == nullptr || partition->ended || (partition->closed_at && sequence >= partition->last_end))
    return false;
  const auto progress = partition->progress(sequence);
  auto next = progress;
  bool follows = progress != Progress::unknown;
  switch (kind) {
    case RowKind::accept:
      follows = !follows;
      next = Progress::accepted;
      break;
    case RowKind::outcome:
      follows = progress == Progress::accepted;
      next = Progress::decided;
      break;
    case RowKind::ending:
      follows = progress == Progress::accepted || progress == Progress::decided;
      next = Progress::ended;
      break;
    case RowKind::note:
    case RowKind::alias:
      break;
  }
  if (!follows) return false;
  insert_row(partition->statements(*database_), row, kind);
  partition->set_progress(sequence, next);
  return next != progress;
}

void JournalStore::rescue_suspect(std::uint64_t sequence) {
  if (Partition* partition = undecided_in(sequence))
    write_note(partition->statements(*database_).insert_note, note_entry(sequence, sending_place), NoteKind::sending,
               Reason::none, now());
}

void JournalStore::notice(LogLevel level, std::string text) const {
  if (options_.notice) options_.notice(level, std::move(text));
}

}  // namespace fulfilld::journal

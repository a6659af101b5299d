// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

#include "runtime/journal/database.hpp"
#include "runtime/journal/partition.hpp"

namespace fulfilld::journal {

/// A journal whose schema is newer than this program's.
class NewerSchema : public std::exception {
 public:
  explicit NewerSchema(int found) noexcept : found_(found) {}
  [[nodiscard]] int found() const noexcept { return found_; }

 private:
  int found_;
};

/// Takes the schema from version i + 1 (its place in `migrations` is i) to the next one, inside a transaction.
using Migration = std::function<void(Database&)>;

/// The steps that this program knows, in order. The schema's version is one more than their number.
[[nodiscard]] std::span<const Migration> known_migrations() noexcept;

/// Makes the tables of a new journal, or brings those of an older one up to date, in one transaction. Throws
/// `NewerSchema`, and `Damage` where the tables contradict themselves.
void prepare_schema(Database& database, std::span<const Migration> migrations);

/// The keys of this journal's fingerprints: from a random one that was chosen when it was made. Stored fingerprints
/// depend on them, so they may never be made in another way.
[[nodiscard]] FingerprintKeys fingerprint_keys(Database& database);

}  // namespace fulfilld::journal

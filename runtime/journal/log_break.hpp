// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace fulfilld::journal {

/// SQLite reads its write-ahead log up to the first frame whose checksum is wrong and forgets the rest in silence.
/// After a power loss that is right: the rest was never acknowledged. After damage it is not, and the two look
/// alike, so what follows a break is kept until its intact rows are saved.

/// Copies the log where it goes on behind a wrong checksum. Before SQLite opens the database. Does nothing if a
/// copy from an interrupted start is still there.
void keep_log_if_it_breaks(const std::filesystem::path& database);

/// True if there is such a copy.
[[nodiscard]] bool kept_log_waits(const std::filesystem::path& database);

/// As `scan_pages` wants it: the name of a database that has only a log.
[[nodiscard]] std::filesystem::path kept_log(std::filesystem::path database);

void drop_kept_log(const std::filesystem::path& database);

}  // namespace fulfilld::journal

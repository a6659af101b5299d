// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "runtime/journal/database.hpp"

namespace fulfilld::journal {

/// Makes one of the journal's tables: `meta`, `partition`, or one of a partition, such as `accept_7`.
void create_table(Database& database, const std::string& name);

/// The same, unless it exists.
void create_table_if_absent(Database& database, const std::string& name);

/// Throws `Damage` unless SQLite describes every table as this program makes it: a description in which a bit has
/// flipped may still be well-formed, and then no statement can be prepared, or a column is another one.
void check_descriptions(Database& database);

}  // namespace fulfilld::journal

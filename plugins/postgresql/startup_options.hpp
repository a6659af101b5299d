// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace postgresql {

/// Names of the server's settings, and their values.
using Assignments = std::vector<std::pair<std::string, std::string>>;

/// What libpq's parameter `options` assigns by `-c name=value` and `--name=value` (PostgreSQL, `postgres` command),
/// where all of that can as well be set inside of a transaction. Poolers such as PgBouncer refuse sessions that begin
/// with `options`. Nothing if there is anything else in it.
[[nodiscard]] std::optional<Assignments> assignments_in(std::string_view options);

}  // namespace postgresql

// SPDX-License-Identifier: Apache-2.0
#include "runtime/start_check.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

#include "runtime/action_table.hpp"
#include "runtime/egress/tls_client.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

void add(Problem problem, LoadedConfig& loaded) {
  const bool known = std::any_of(loaded.problems.begin(), loaded.problems.end(),
                                 [&](const Problem& other) { return other.key == problem.key; });
  if (!known || problem.key.empty()) loaded.problems.push_back(std::move(problem));
}

void check_actions(LoadedConfig& loaded) {
  ActionTable actions(loaded.config, loaded.places);
  static_cast<void>(actions.load());
  for (auto& problem : actions.problems()) add(std::move(problem), loaded);
}

void check_authorities(LoadedConfig& loaded) {
  const auto& file = loaded.config.egress.ca_file;
  if (file.empty()) return;
  try {
    const TlsClient reads_them(file);
  } catch (const std::runtime_error& problem) {
    add(loaded.places.mistake("egress.ca_file", problem.what()), loaded);
  }
}

/// Whether this user may write there is a warning only: the service may run as another.
void check_journal(LoadedConfig& loaded) {
  const auto& directory = loaded.config.journal.directory;
  std::error_code unknown;
  fs::path there = fs::absolute(directory, unknown).lexically_normal();
  if (!there.has_filename()) there = there.parent_path();
  const bool exists = fs::exists(there, unknown);
  while (!fs::exists(there, unknown) && there.has_relative_path()) there = there.parent_path();
  if (!fs::is_directory(there, unknown))
    return add(loaded.places.mistake("journal.directory", there.string() + " is no directory: choose another place"),
               loaded);
  if (::access(there.c_str(), R_OK | W_OK | X_OK) == 0) return;
  const std::string why = std::strerror(errno);
  loaded.warnings.push_back(loaded.places.mistake(
      "journal.directory", "this user may not " + std::string(exists ? "write to " : "make it in ") + there.string() +
                               " (" + why + "): the user that runs fulfilld must be able to"));
}

}  // namespace

void check_as_the_start_does(LoadedConfig& loaded) {
  if (!loaded.was_read) return;
  check_actions(loaded);
  check_authorities(loaded);
  check_journal(loaded);
  std::stable_sort(loaded.problems.begin(), loaded.problems.end());
}

}  // namespace fulfilld

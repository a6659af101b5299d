// SPDX-License-Identifier: Apache-2.0
#include "local_settings.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "connection_target.hpp"

namespace postgresql {
namespace {

using fulfill::SettingError;

/// Those that are set here already, and why nobody else may.
constexpr std::array<std::pair<std::string_view, const char*>, 11> kTaken{{
    {"statement_timeout", "that is the setting \"statement_timeout\""},
    {"idle_in_transaction_session_timeout", "it follows the deadline"},
    {"datestyle", "the adapter reads dates in one style"},
    {"intervalstyle", "the adapter reads intervals in one style"},
    {"bytea_output", "the adapter reads bytes in one form"},
    {"extra_float_digits", "numbers have all their digits"},
    {"client_encoding", "it is always UTF8, as JSON is"},
    {"application_name", "the adapter names its sessions itself"},
    {"transaction_read_only", "that is the setting \"operation\""},
    {"transaction_isolation",
     "it cannot be set within a transaction; ALTER ROLE ... SET default_transaction_isolation"},
    {"transaction_deferrable", "it cannot be set within a transaction"},
}};

const char* taken_by(std::string name) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  std::transform(name.begin(), name.end(), name.begin(), lower);
  for (const auto& [taken, why] : kTaken)
    if (taken == name) return why;
  return nullptr;
}

bool is_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '$';
  };
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

LocalSettings::LocalSettings(const fulfill::Settings& settings) {
  const ConnectionTarget target(settings);
  for (const auto& [name, value] : target.assignments())
    if (taken_by(name) == nullptr) own_.emplace_back(name, value);
  read(settings, "");

  // The last one to be set holds.
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < own_.size(); ++i)
    sql += "set_config($" + std::to_string(2 * i + 2) + ", $" + std::to_string(2 * i + 3) + ", true), ";
  sql +=
      "set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true), "
      "set_config('datestyle', 'ISO', true), set_config('intervalstyle', 'iso_8601', true), "
      "set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '3', true)";
  read_write_ = sql;
  read_only_ = sql + ", set_config('transaction_read_only', 'on', true)";
}

void LocalSettings::read(const fulfill::Settings& settings, const std::string& below) {
  const std::string table = below.empty() ? "set" : "set." + below;
  for (const auto& part : settings.names(table)) {
    const std::string name = below.empty() ? part : below + "." + part;  // settings of extensions have dots
    const std::string setting = "set." + name;
    if (!settings.names(setting).empty()) {
      read(settings, name);
      continue;
    }
    const std::string value = settings.text(setting);
    if (!is_name(name)) throw SettingError("setting \"" + setting + "\" is not named after a setting of PostgreSQL");
    if (value.find('\0') != std::string::npos) throw SettingError("setting \"" + setting + "\" holds a NUL");
    if (const char* why = taken_by(name)) throw SettingError("setting \"" + setting + "\" cannot be set: " + why);
    own_.emplace_back(name, value);
  }
}

Values LocalSettings::values(std::string statement_timeout_ms) const {
  Values values;
  values.reserve(2 * own_.size() + 1);
  values.emplace_back(std::move(statement_timeout_ms));
  for (const auto& [name, value] : own_) {
    values.emplace_back(name);
    values.emplace_back(value);
  }
  return values;
}

}  // namespace postgresql

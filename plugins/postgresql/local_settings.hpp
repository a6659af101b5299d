// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/settings.hpp>
#include <string>

#include "connection.hpp"
#include "startup_options.hpp"

namespace postgresql {

/// The server's settings for one transaction: those that this adapter relies on, and those of the setting `set.NAME`
/// and of `options` in `connection`. A pooler between us and the server may give each transaction another session, so
/// nothing is set for longer (as by SET LOCAL). Immutable.
class LocalSettings {
 public:
  /// Throws SettingError.
  explicit LocalSettings(const fulfill::Settings& settings);

  /// The statement that sets them, and its values.
  [[nodiscard]] const std::string& sql(bool read_only) const noexcept { return read_only ? read_only_ : read_write_; }
  [[nodiscard]] Values values(std::string statement_timeout_ms) const;

 private:
  void read(const fulfill::Settings& settings, const std::string& below);

  Assignments own_;
  std::string read_write_;
  std::string read_only_;
};

}  // namespace postgresql

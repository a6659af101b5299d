// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/settings.hpp>
#include <string>

#include "startup_options.hpp"

namespace postgresql {

/// Which server, database and user: the setting `connection`, a connection string of libpq (PostgreSQL, 34.1.1) without
/// a password. Immutable.
class ConnectionTarget {
 public:
  /// Throws SettingError: not a connection string, or it holds what has its own place.
  explicit ConnectionTarget(const fulfill::Settings& settings);

  /// For libpq. Without `options`, where all that it holds can be set in each transaction: see `assignments`.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// What `options` wants to have set.
  [[nodiscard]] const Assignments& assignments() const noexcept { return assignments_; }
  /// For messages: `db.example:5432/crm`, as far as it is said.
  [[nodiscard]] const std::string& place() const noexcept { return place_; }

  /// A name for a session that no other one has: "fulfilld ACTION 0123456789abcdef", in at most 63 bytes. The server
  /// shows it as `application_name`, and by it we find the session again.
  [[nodiscard]] std::string new_session_name() const;

 private:
  std::string text_;
  std::string action_;
  std::string place_;
  Assignments assignments_;
};

}  // namespace postgresql

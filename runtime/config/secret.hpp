// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace fulfilld {

/// A value that must never be printed. Read it with `reveal()`, only where it goes onto the wire.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  /// What may be shown of it: `***`, or nothing if there is none.
  [[nodiscard]] std::string_view masked() const noexcept { return value_.empty() ? "" : "***"; }

 private:
  std::string value_;
};

/// Streams the mask, so that a secret that is logged by mistake stays one.
inline std::ostream& operator<<(std::ostream& out, const Secret& secret) { return out << secret.masked(); }

}  // namespace fulfilld

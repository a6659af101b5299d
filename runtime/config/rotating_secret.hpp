// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/config/secret.hpp"
#include "runtime/config/secret_source.hpp"

namespace fulfilld {

/// A secret that can be read anew while the process runs: a credential is rotated without a restart. Copies are the
/// same secret, so what one of them reads all have. Any thread; reading anew reads a small file.
class RotatingSecret {
 public:
  /// Where it comes from. Nothing: it can only be read once, and stays as it is.
  using Source = std::function<std::optional<FetchedSecret>()>;
  using Listener = std::function<void(const Secret&)>;

  /// None at all, and none to come.
  RotatingSecret() : RotatingSecret(Secret()) {}

  /// One that stays as it is.
  RotatingSecret(Secret fixed);  // NOLINT(google-explicit-constructor): a secret is one that never changes

  /// `in_file`: `follow` reads it too. The source must not throw.
  RotatingSecret(Secret first, Source source, bool in_file);

  [[nodiscard]] Secret current() const;

  /// The version counts up from 1 with each change.
  [[nodiscard]] std::pair<Secret, std::uint64_t> current_and_version() const;

  /// Reads it anew. Answers why that failed: the old one is kept then. Empty: it did not, whether it changed or not.
  [[nodiscard]] std::string read_anew() const;

  /// The same for one in a file, nothing for others: so a file that was replaced is noticed when it is needed.
  [[nodiscard]] std::string follow() const;

  /// Called with each new secret before anyone can have it, on the thread that reads it; must not touch this object.
  void before_each_change(Listener listener) const;

  [[nodiscard]] bool empty() const { return current().empty(); }
  [[nodiscard]] std::string_view masked() const { return empty() ? "" : "***"; }

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// The secret that `source` names (`env:NAME`, `file:PATH`), to be read from there again: the variable over `.env` as
/// that is then, or the file, as long as it is one that can be read twice.
[[nodiscard]] RotatingSecret rotating_secret(Secret first, const std::string& source, const Environment& environment,
                                             bool one_line);

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/json.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reference.hpp"

namespace mapping {

/// What templates and results of one execution are made from: its input, its secrets, the answers so far. Belongs to
/// the execution's coroutine.
class Values {
 public:
  using Secret = std::function<std::string_view(std::string_view name)>;

  /// `input` has to outlive it.
  Values(const fulfill::Json& input, Secret secret, std::string_view execution_id)
      : input_(input), secret_(std::move(secret)), execution_id_(execution_id) {}

  /// The answer of the next step; `name` may be empty.
  void add_answer(std::string name, fulfill::Json answer) { answers_.emplace_back(std::move(name), std::move(answer)); }

  /// The value in the input or an answer; null if there is none, or the source is another.
  [[nodiscard]] const fulfill::Json* find(const Reference& reference) const noexcept;
  /// A secret or the execution's id, as `is_word(reference)` says.
  [[nodiscard]] std::string_view word(const Reference& reference) const {
    return reference.source() == Reference::Source::secret ? secret_(reference.name()) : execution_id_;
  }
  [[nodiscard]] static bool is_word(const Reference& reference) noexcept {
    return reference.source() == Reference::Source::secret || reference.source() == Reference::Source::execution;
  }

 private:
  const fulfill::Json& input_;
  Secret secret_;
  std::string_view execution_id_;
  std::vector<std::pair<std::string, fulfill::Json>> answers_;
};

}  // namespace mapping

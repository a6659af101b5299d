// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
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
  Values(const fulfill::Document& input, Secret secret, std::string_view execution_id)
      : input_(input), secret_(std::move(secret)), execution_id_(execution_id) {}

  /// The answer of the next step; `name` may be empty. `done_unsafe`: that of an unsafe call, which has been carried
  /// out.
  void add_answer(std::string name, fulfill::Document value, bool done_unsafe) {
    answers_.emplace_back(std::move(name), std::move(value), done_unsafe);
  }

  /// The value in the input or an answer; null if there is none, or the source is another.
  [[nodiscard]] const fulfill::Document* find(const Reference& reference) const noexcept;
  /// A secret or the execution's id, as `is_word(reference)` says.
  [[nodiscard]] std::string_view word(const Reference& reference) const {
    return reference.source() == Reference::Source::secret ? secret_(reference.name()) : execution_id_;
  }
  [[nodiscard]] static bool is_word(const Reference& reference) noexcept {
    return reference.source() == Reference::Source::secret || reference.source() == Reference::Source::execution;
  }

  /// As what an execution ends for a value that is not as it should be: `outcome_unknown` if it is of the answer to an
  /// unsafe call that has been carried out, since "failed" would be taken for "nothing was done".
  [[nodiscard]] fulfill::Failed judged(const BadValue& bad) const;

 private:
  class Answer {
   public:
    Answer(std::string name, fulfill::Document value, bool done_unsafe)
        : name_(std::move(name)), value_(std::move(value)), done_unsafe_(done_unsafe) {}
    [[nodiscard]] const std::string& name() const noexcept { return name_; }
    [[nodiscard]] const fulfill::Document& value() const noexcept { return value_; }
    [[nodiscard]] bool done_unsafe() const noexcept { return done_unsafe_; }

   private:
    std::string name_;
    fulfill::Document value_;
    bool done_unsafe_;
  };

  /// Of the step of that name, or, if it is empty, of the last one; null if there is none.
  [[nodiscard]] const Answer* answer(const std::string& name) const noexcept;

  const fulfill::Document& input_;
  Secret secret_;
  std::string_view execution_id_;
  std::vector<Answer> answers_;
};

}  // namespace mapping

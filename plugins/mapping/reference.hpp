// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/error.hpp>
#include <fulfill/settings.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "pointer.hpp"

namespace mapping {

/// A value that is missing, or cannot be used where it is wanted.
class BadValue final : public fulfill::Failed {
 public:
  BadValue(std::string code, std::string message, std::optional<std::string> answer)
      : Failed(std::move(code), std::move(message)), answer_(std::move(answer)) {}

  /// The step whose answer has it, empty for the last one; nothing if it comes from elsewhere.
  [[nodiscard]] const std::optional<std::string>& answer() const noexcept { return answer_; }

 private:
  std::optional<std::string> answer_;
};

/// Where a value comes from: `/customer/id` or `customer:/id`, a JSON Pointer into the input or into the answer of a
/// step; `secret:key`; `execution:id`. Immutable.
class Reference {
 public:
  enum class Source { input, answer, secret, execution };

  Reference(Source source, std::string name, Pointer pointer, std::string text)
      : source_(source), name_(std::move(name)), pointer_(std::move(pointer)), text_(std::move(text)) {}

  [[nodiscard]] Source source() const noexcept { return source_; }
  /// Of the step or the secret; empty for the last answer.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const Pointer& pointer() const noexcept { return pointer_; }

  /// What whoever gave the value is to blame for: `bad_input`, `backend_bad_answer` or `bad_secret`. The message has
  /// the reference, never the value.
  [[nodiscard]] BadValue failure(std::string_view problem) const;
  /// For a BadValue: the step whose answer it refers to.
  [[nodiscard]] std::optional<std::string> answer() const {
    return source_ == Source::answer ? std::optional(name_) : std::nullopt;
  }

 private:
  Source source_;
  std::string name_;
  Pointer pointer_;
  std::string text_;
};

/// What can be referred to at some place of the settings: the input, secrets, and the answers of the steps before it.
/// Lives in the adapter's constructor.
class Sources {
 public:
  explicit Sources(const fulfill::Settings& settings) : settings_(settings) {}

  /// From now on the answer of that step can be referred to. Throws SettingError if the name cannot be one, or is
  /// taken.
  void add_answer(std::string_view setting, const std::string& name);

  /// Reads a reference; without a source it is one to `bare`, that is the input or the last answer, and an empty one is
  /// all of that (RFC 6901, 5). Throws SettingError
  /// that names the setting, also if the action has no such secret.
  [[nodiscard]] Reference reference(std::string_view setting, std::string_view text, Reference::Source bare) const;

 private:
  const fulfill::Settings& settings_;
  std::set<std::string> answers_;
};

}  // namespace mapping

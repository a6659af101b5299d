// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/error.hpp>
#include <fulfill/settings.hpp>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "pointer.hpp"

namespace mapping {

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

  /// The Failed that whoever gave the value is to blame for: `bad_input`, `backend_bad_answer` or `bad_secret`. The
  /// message has the reference, never the value.
  [[nodiscard]] fulfill::Failed failure(std::string_view problem) const;

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

  /// Reads a reference; without a source it is one to `bare`, that is the input or the last answer. Throws SettingError
  /// that names the setting, also if the action has no such secret.
  [[nodiscard]] Reference reference(std::string_view setting, std::string_view text, Reference::Source bare) const;

 private:
  const fulfill::Settings& settings_;
  std::set<std::string> answers_;
};

}  // namespace mapping

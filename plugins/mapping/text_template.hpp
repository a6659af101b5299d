// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "reference.hpp"
#include "values.hpp"

namespace mapping {

/// `{{/customer/id}}` in a template: a reference, to the input if it names no source. `{{/limit|10}}`: a default for
/// what is missing or null. `{{/note?}}`: what the template is for is left out then. Else it is an error. Immutable.
class Place {
 public:
  /// `inside`: what stands between the braces. Throws SettingError that names the setting.
  Place(std::string_view setting, std::string_view inside, const Sources& sources);

  [[nodiscard]] const Reference& reference() const noexcept { return reference_; }
  [[nodiscard]] bool is_optional() const noexcept { return optional_; }

  /// The value as it is, or the default, read as JSON where it is JSON; nothing: to be left out.
  [[nodiscard]] std::optional<fulfill::Document> value(const Values& values) const;
  /// The value as text, or the default; nothing: to be left out.
  [[nodiscard]] std::optional<std::string> text(const Values& values) const;
  /// The same of each element, if the value is a list.
  [[nodiscard]] std::vector<std::string> texts(const Values& values) const;

 private:
  const fulfill::Document* find(const Values& values) const;
  [[nodiscard]] std::optional<std::string> text_or_default(const fulfill::Document* found, const char* wanted) const;

  std::optional<std::string> otherwise_;
  bool optional_ = false;
  Reference reference_;
};

/// A text with places for values. Immutable.
class TextTemplate {
 public:
  /// Makes of a value what is put at the place; may throw.
  using Encode = std::function<std::string(const Place& place, std::string value)>;

  /// `setting`: its name, for the SettingError that says what is wrong.
  TextTemplate(std::string_view setting, std::string_view text, const Sources& sources);

  [[nodiscard]] std::optional<std::string> render(const Values& values, const Encode& encode = as_it_is) const;

  /// If it is nothing but one place, and a list is there: each of its elements. Else what `render` gives, if anything.
  [[nodiscard]] std::vector<std::string> render_each(const Values& values) const;

  /// If it is nothing but one place: that.
  [[nodiscard]] const Place* single_place() const noexcept {
    return parts_.size() == 1 ? std::get_if<Place>(&parts_.front()) : nullptr;
  }
  [[nodiscard]] bool has_optional_place() const noexcept;
  /// With the letter x at each place.
  [[nodiscard]] std::string sample() const;

  [[nodiscard]] static std::string as_it_is(const Place&, std::string value) { return value; }

 private:
  std::vector<std::variant<std::string, Place>> parts_;
};

/// Where the first of `wanted` stands outside of all places, or `npos`.
[[nodiscard]] std::string_view::size_type find_outside_places(std::string_view text, std::string_view wanted) noexcept;

}  // namespace mapping

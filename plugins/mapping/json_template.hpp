// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "section.hpp"
#include "text_template.hpp"
#include "values.hpp"

namespace mapping {

/// Of a request, in bytes; the input may be longer.
inline constexpr std::size_t kLongestBody = 1 << 20;
/// What to throw for a longer one.
[[nodiscard]] fulfill::Failed body_too_long();
/// What is sent for a rendered value. Throws body_too_long, and Failed("bad_secret") if a secret in it is not UTF-8.
[[nodiscard]] std::string body_text(const fulfill::Document& value);

/// A JSON value whose texts are templates. A text that is exactly one place becomes the value there, of whatever type;
/// places in a longer text become part of it. The member or element whose place is optional and finds nothing is left
/// out. Immutable.
class JsonTemplate {
 public:
  /// `text`: JSON. Throws SettingError that names the setting.
  static JsonTemplate parse(std::string_view setting, std::string_view text, const Sources& sources);

  /// From a setting that is a text, a table or an array: a table becomes an object, an array an array, and a text what
  /// it is as JSON, else a template.
  static JsonTemplate read(const Section& section, const std::string& name, const Sources& sources);

  /// Nothing: the whole of it is left out. Throws Failed("bad_input") and what else Reference::failure makes.
  [[nodiscard]] std::optional<fulfill::Document> render(const Values& values) const;

 private:
  using Members = std::vector<std::pair<std::string, JsonTemplate>>;
  using Elements = std::vector<JsonTemplate>;
  using Node = std::variant<fulfill::Document, TextTemplate, Members, Elements>;

  explicit JsonTemplate(Node node) : node_(std::move(node)) {}
  static JsonTemplate compile(std::string_view setting, const fulfill::Document& value, const Sources& sources);

  Node node_;
};

}  // namespace mapping

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/input.hpp>
#include <fulfill/request.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "../mapping/json_template.hpp"
#include "../mapping/section.hpp"
#include "../mapping/text_template.hpp"
#include "../mapping/values.hpp"

namespace rest {

/// The setting `body` (a JSON template, or the word `input`: the input, byte for byte) or the settings `form.NAME`; a
/// list makes its field appear several times. Immutable.
class RequestBody {
 public:
  /// `has_content_type`: a header says what the body is. Throws SettingError.
  RequestBody(const mapping::Section& section, const mapping::Sources& sources, bool has_content_type);

  [[nodiscard]] bool is_none() const noexcept { return !is_input_ && !json_ && form_.empty(); }

  /// Throws Failed as templates do, and `bad_input` for a body of more than 1 MiB that is not the input.
  void add_to(fulfill::Request& request, const fulfill::Input& input, const mapping::Values& values) const;

 private:
  [[nodiscard]] std::string form_text(const mapping::Values& values) const;

  std::string content_type_;  // empty: a header says it
  bool is_input_ = false;
  std::optional<mapping::JsonTemplate> json_;
  std::vector<std::pair<std::string, mapping::TextTemplate>> form_;
};

}  // namespace rest

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "section.hpp"
#include "text_template.hpp"
#include "values.hpp"

namespace mapping {

/// The settings `url` and `query.NAME`: where a call goes. A list makes its parameter appear several times. The origin
/// is fixed: places may stand in path and query only, and whatever is put there is percent-encoded, so that it changes
/// neither the origin nor the number of path segments. Immutable.
class UrlTemplate {
 public:
  /// A `url` that begins with '/' is appended to the setting `base_url` of the action. Throws SettingError.
  UrlTemplate(const Section& section, const Sources& sources);

  /// Throws Failed("bad_input") and the like, for a value that is missing, or would be an empty segment of the path, or
  /// lead out of it (`..`).
  [[nodiscard]] std::string render(const Values& values) const;

  /// What a person knows it by: origin and path, with `***` for secrets, without the query.
  [[nodiscard]] std::string name(const Values& values) const;

 private:
  std::string origin_;
  TextTemplate path_;
  std::optional<TextTemplate> query_;  // what stands after the '?' of the url
  std::vector<std::pair<std::string, TextTemplate>> parameters_;
};

}  // namespace mapping

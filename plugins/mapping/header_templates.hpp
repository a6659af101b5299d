// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/request.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "section.hpp"
#include "text_template.hpp"
#include "values.hpp"

namespace mapping {

/// The settings `headers.NAME`, and `username`, a template which with the secret `password` makes an Authorization (RFC
/// 7617). Immutable.
class HeaderTemplates {
 public:
  /// Throws SettingError, also for what is no name of a header field, or belongs to the host.
  HeaderTemplates(const Section& section, const Sources& sources);

  /// Without regard to case.
  [[nodiscard]] bool has(std::string_view name) const noexcept;

  /// Adds the header fields. A value with a control character (CR and LF among them) is a Failed, as
  /// Reference::failure makes it.
  void add_to(fulfill::Request& request, const Values& values) const;

 private:
  std::vector<std::pair<std::string, TextTemplate>> headers_;
  std::optional<TextTemplate> username_;
  std::optional<Reference> password_;  // with a username
};

}  // namespace mapping

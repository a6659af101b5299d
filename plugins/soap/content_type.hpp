// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soap {

/// The value of a field Content-Type (RFC 9110, 8.3.1): a media type and its parameters. Made from whatever was sent.
class ContentType {
 public:
  explicit ContentType(std::string_view value);

  /// In lower case, without parameters: "text/xml"; empty if there is none.
  [[nodiscard]] const std::string& media_type() const noexcept { return media_type_; }
  /// The parameter of that name (in lower case), without quotes and their backslashes; empty if there is none.
  [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;
  /// True for XML of whatever kind, but not for XHTML, which is for people; and if there is none.
  [[nodiscard]] bool may_be_soap() const noexcept;

 private:
  std::string media_type_;
  std::vector<std::pair<std::string, std::string>> parameters_;
};

}  // namespace soap

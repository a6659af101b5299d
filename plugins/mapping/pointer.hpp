// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mapping {

/// A JSON Pointer (RFC 6901): `/lines/0/sku`; an empty one points to the whole value. Immutable.
class Pointer {
 public:
  /// Nothing if the text is no JSON Pointer.
  [[nodiscard]] static std::optional<Pointer> parse(std::string_view text);

  /// The value there, or null if there is none.
  [[nodiscard]] const fulfill::Document* find(const fulfill::Document& value) const noexcept;

 private:
  std::vector<std::string> tokens_;
};

}  // namespace mapping

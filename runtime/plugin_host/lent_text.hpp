// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <string_view>

namespace fulfilld {

/// Text on its way into a plugin.
inline fulfill_text lend(std::string_view text) noexcept { return {text.data(), text.size()}; }

/// Text that a plugin lends.
inline std::string_view view(fulfill_text text) noexcept {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

}  // namespace fulfilld

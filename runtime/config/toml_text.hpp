// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace fulfilld {

/// The text as a TOML basic string, quotes included.
[[nodiscard]] std::string toml_string(std::string_view text);

/// `path.key`, the key quoted where TOML wants that; just the key if the path is empty.
[[nodiscard]] std::string join_key(std::string_view path, std::string_view key);

/// The shortest decimal text that reads back as the same number.
[[nodiscard]] std::string number_text(double number);

}  // namespace fulfilld

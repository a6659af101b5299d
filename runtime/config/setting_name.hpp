// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fulfilld {

// The name under which an adapter gets a setting: its keys from the outside in, joined by dots, as in `steps.0.url`. A
// dot (or a backslash) that belongs to a key has a backslash before it, `headers.X\.Y`, so that a name is one way only.

[[nodiscard]] std::string join_setting(std::string_view name, std::string_view key);

/// The keys in a name.
[[nodiscard]] std::vector<std::string> keys_of_setting(std::string_view name);

/// The name without those backslashes, as an adapter asks for it.
[[nodiscard]] std::string plain_setting(std::string_view name);

/// The name as a TOML key below `path`.
[[nodiscard]] std::string toml_key_of_setting(std::string_view path, std::string_view name);

}  // namespace fulfilld

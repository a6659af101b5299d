// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/setting_name.hpp"

#include <cstddef>

#include "runtime/config/toml_text.hpp"

namespace fulfilld {

std::string join_setting(std::string_view name, std::string_view key) {
  std::string joined(name);
  if (!joined.empty()) joined += '.';
  for (const char c : key) {
    if (c == '.' || c == '\\') joined += '\\';
    joined += c;
  }
  return joined;
}

std::vector<std::string> keys_of_setting(std::string_view name) {
  std::vector<std::string> keys(1);
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '.') {
      keys.emplace_back();
      continue;
    }
    if (name[at] == '\\' && at + 1 < name.size()) ++at;
    keys.back() += name[at];
  }
  return keys;
}

std::string plain_setting(std::string_view name) {
  std::string plain;
  for (const auto& key : keys_of_setting(name)) plain.append(plain.empty() ? "" : ".").append(key);
  return plain;
}

std::string toml_key_of_setting(std::string_view path, std::string_view name) {
  std::string key(path);
  for (const auto& part : keys_of_setting(name)) key = join_key(key, part);
  return key;
}

}  // namespace fulfilld

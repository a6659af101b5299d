// SPDX-License-Identifier: Apache-2.0
#include "startup_options.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace postgresql {
namespace {

constexpr std::string_view kSpace = " \t\n\r\f\v";

/// As the server does: at white space, with a backslash before what is to be taken as it is.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (kSpace.find(text[at]) != std::string_view::npos) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    words.back() += text[at];
  }
  return words;
}

/// Only a session that begins can have them, or each of its transactions from its first moment on.
bool belongs_to_the_start(std::string_view name) {
  constexpr std::array<std::string_view, 6> kStart = {"ignore_system_indexes", "jit_debugging_support",
                                                      "jit_profiling_support", "log_connections",
                                                      "log_disconnections",    "post_auth_delay"};
  return name.starts_with("default_transaction_") || name.starts_with("transaction_") ||
         std::find(kStart.begin(), kStart.end(), name) != kStart.end();
}

}  // namespace

std::optional<Assignments> assignments_in(std::string_view options) {
  Assignments found;
  const auto words = words_of(options);
  for (std::size_t at = 0; at < words.size(); ++at) {
    std::string word = words[at];
    if (word == "-c" && at + 1 < words.size()) {
      word = words[++at];
    } else if (word.starts_with("-c") || word.starts_with("--")) {
      word.erase(0, 2);
    } else {
      return std::nullopt;
    }
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0) return std::nullopt;
    std::string name = word.substr(0, equals);
    std::replace(name.begin(), name.end(), '-', '_');
    if (belongs_to_the_start(name)) return std::nullopt;
    found.emplace_back(std::move(name), word.substr(equals + 1));
  }
  return found;
}

}  // namespace postgresql

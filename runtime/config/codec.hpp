// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/policy/token_bucket.hpp"
#include "actors/url.hpp"
#include "runtime/config/reading.hpp"
#include "runtime/config/rotating_secret.hpp"
#include "runtime/config/secret.hpp"

namespace fulfilld {

/// One printed line of a setting. `key` is empty, or the key inside a table of free names, as TOML has it.
struct PrintedValue {
  std::string key;
  std::string text;
};

/// How values of one type are read, checked and printed.
template <class T>
struct Codec {
  std::string allowed;  ///< completes "must be ..."

  /// The value, or nothing after reporting why. `key` is the setting's full key.
  std::function<std::optional<T>(const Node&, const std::string& key, Reading&)> read;

  std::function<std::vector<PrintedValue>(const T&)> print;
};

[[nodiscard]] Codec<bool> boolean();
[[nodiscard]] Codec<std::chrono::milliseconds> duration(std::chrono::milliseconds least,
                                                        std::chrono::milliseconds most);
/// The same, or `none`, which is 0 here.
[[nodiscard]] Codec<std::chrono::milliseconds> duration_or_none(std::chrono::milliseconds least,
                                                                std::chrono::milliseconds most);
/// A TCP port, 0 for any free one, or `none`, which is nothing here.
[[nodiscard]] Codec<std::optional<std::uint16_t>> port_or_none();
/// Bytes: a TOML integer, or a string with a unit.
[[nodiscard]] Codec<std::size_t> size(std::size_t least, std::size_t most);
/// The same, or `none`, which is 0 here.
[[nodiscard]] Codec<std::size_t> size_or_none(std::size_t least, std::size_t most);
/// Count and period of a rate; its burst is a setting of its own.
[[nodiscard]] Codec<Rate> rate();

/// Any text without control characters.
[[nodiscard]] Codec<std::string> text();
/// At most 256 printable characters of ASCII, as the value of a header field may be; or nothing.
[[nodiscard]] Codec<std::string> field_value();
/// An IPv4 or IPv6 address, or `localhost`.
[[nodiscard]] Codec<std::string> address();
/// 1 to 64 of letters, digits, `.`, `_`, `-`; or, where `or_empty`, nothing.
[[nodiscard]] Codec<std::string> name(bool or_empty);
[[nodiscard]] bool is_name(const std::string& text) noexcept;
[[nodiscard]] Codec<std::filesystem::path> path();
[[nodiscard]] Codec<std::vector<std::filesystem::path>> paths();
/// Entries of a `HostAllowList`.
[[nodiscard]] Codec<std::vector<std::string>> hosts();
[[nodiscard]] Codec<Url> url();

/// `env:NAME` or `file:PATH`; printed as its mask. `one_line`: it goes into a header, so no control characters.
[[nodiscard]] Codec<RotatingSecret> secret(bool one_line);
/// A table of free names; what is nested in it, tables and arrays, gets the names of
/// `join_setting`.
[[nodiscard]] Codec<std::map<std::string, std::string>> texts();
/// A table of free names.
[[nodiscard]] Codec<std::map<std::string, Secret>> secrets();

/// Reports that `node` is not what the codec allows.
void report_mismatch(const Node& node, const std::string& key, const std::string& allowed, Reading& reading);

/// A codec whose reading needs nothing but the node.
template <class T>
[[nodiscard]] Codec<T> scalar(std::string allowed, std::function<std::optional<T>(const Node&)> parse,
                              std::function<std::string(const T&)> print) {
  return {allowed,
          [allowed, parse = std::move(parse)](const Node& node, const std::string& key, Reading& reading) {
            auto value = parse(node);
            if (!value) report_mismatch(node, key, allowed, reading);
            return value;
          },
          [print = std::move(print)](const T& value) {
            return std::vector<PrintedValue>{{"", print(value)}};
          }};
}

/// A whole number; `T` may be a floating-point type that is used as a counter.
template <class T>
[[nodiscard]] Codec<T> integer(std::int64_t least, std::int64_t most) {
  return scalar<T>(
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most),
      [least, most](const Node& node) -> std::optional<T> {
        const auto* number = std::get_if<std::int64_t>(&node.value);
        if (number == nullptr || *number < least || *number > most) return std::nullopt;
        return static_cast<T>(*number);
      },
      [](const T& value) { return std::to_string(static_cast<std::int64_t>(value)); });
}

/// One of a few words.
template <class T>
[[nodiscard]] Codec<T> choice(std::vector<std::pair<std::string, T>> words) {
  std::string allowed = "one of";
  for (const auto& [word, value] : words) allowed += (word == words.front().first ? " \"" : ", \"") + word + '"';
  return scalar<T>(
      allowed,
      [words](const Node& node) -> std::optional<T> {
        for (const auto& [word, value] : words)
          if (node.text() != nullptr && *node.text() == word) return value;
        return std::nullopt;
      },
      [words](const T& value) -> std::string {
        for (const auto& [word, candidate] : words)
          if (candidate == value) return '"' + word + '"';
        return "\"\"";
      });
}

}  // namespace fulfilld

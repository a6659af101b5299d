// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <fulfill/detail/url_problem.hpp>
#include <fulfill/error.hpp>
#include <fulfill/operation.hpp>

namespace fulfill {

/// What `[actions.NAME.settings]` and `[actions.NAME.secrets]` give to an adapter. Read all of it in the adapter's
/// constructor: what was not asked for there counts as unknown, and an unknown, missing or wrong setting refuses the
/// action by name when it is loaded. Getters throw SettingError. Afterwards it is immutable; any thread.
class Settings {
 public:
  using Values = std::map<std::string, std::string, std::less<>>;
  using Names = std::set<std::string, std::less<>>;

  Settings(std::string action, Values values, Names secrets)
      : action_(std::move(action)), values_(std::move(values)), secrets_(std::move(secrets)) {
    for (const auto& [name, value] : values_)
      if (name.find('\\') != std::string::npos) escaped_.emplace(plain(name), name);
  }

  /// Name of the action.
  [[nodiscard]] const std::string& action() const noexcept { return action_; }

  /// The names right below a table of settings: for `settings.headers.Accept = "..."`, `names("headers")` holds
  /// "Accept", which is read as `text("headers.Accept")`. So does a key that holds a dot: for `headers."X.Y" = "..."`
  /// there is "X.Y", read as `text("headers.X.Y")`. Sorted; empty if there is no such table.
  [[nodiscard]] Names names(std::string_view table) const {
    Names below;
    for (const auto& [name, value] : values_)
      if (auto key = key_below(name, table); !key.empty()) below.insert(std::move(key));
    return below;
  }
  /// How long an array of settings is. Its elements are named "0", "1", ...: the URL of the first of
  /// `[[actions.NAME.settings.steps]]` is `text("steps.0.url")`, the first of `tags = ["a"]` is `text("tags.0")`.
  [[nodiscard]] std::size_t count(std::string_view array) const { return names(array).size(); }

  /// A required text.
  [[nodiscard]] std::string text(std::string_view name) const {
    const std::string* value = find(name);
    if (value == nullptr) throw SettingError("setting " + detail::quoted(name) + " is missing");
    return *value;
  }
  /// An optional text.
  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise) const {
    const std::string* value = find(name);
    return value == nullptr ? std::string(otherwise) : *value;
  }

  /// A whole number, required or with a default; `least` and `most` are allowed.
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most) const {
    return in_range(name, text(name), least, most);
  }
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most,
                                     std::int64_t otherwise) const {
    const std::string* value = find(name);
    return value == nullptr ? otherwise : in_range(name, *value, least, most);
  }

  /// `true` or `false`.
  [[nodiscard]] bool flag(std::string_view name, bool otherwise) const {
    return choice(name, {"true", "false"}, otherwise ? "true" : "false") == "true";
  }

  /// One of a few words.
  [[nodiscard]] std::string choice(std::string_view name, std::initializer_list<std::string_view> words,
                                   std::string_view otherwise) const {
    std::string value = text(name, otherwise);
    std::string all;
    for (const auto word : words) {
      if (value == word) return value;
      if (!all.empty()) all += ", ";
      all += word;
    }
    throw SettingError("setting " + detail::quoted(name) + " is " + detail::quoted(value) + "; it may be one of " +
                       all);
  }

  /// `safe`, `idempotent` or `unsafe`: may something be done twice?
  [[nodiscard]] Operation operation(std::string_view name, Operation otherwise) const {
    if (find(name) == nullptr) return otherwise;
    const std::string word = choice(name, {"safe", "idempotent", "unsafe"}, "");
    if (word == "safe") return Operation::safe;
    return word == "idempotent" ? Operation::idempotent : Operation::unsafe;
  }

  /// A required absolute http or https URL, with a host that can be called; the path may hold places of a template of
  /// yours, `{{...}}`. The host parses it for each call.
  [[nodiscard]] std::string url(std::string_view name) const { return checked_url(name, text(name)); }
  /// An optional one; `otherwise` may be empty.
  [[nodiscard]] std::string url(std::string_view name, std::string_view otherwise) const {
    const std::string* value = find(name);
    return value == nullptr ? std::string(otherwise) : checked_url(name, *value);
  }

  /// True if there is a secret of that name. Its value is had from `Context::secret`, while an execution runs.
  [[nodiscard]] bool has_secret(std::string_view name) const {
    if (!sealed_) known_secrets_.emplace(name);
    return secrets_.find(name) != secrets_.end();
  }
  /// Refuses the action if there is no secret of that name.
  void require_secret(std::string_view name) const {
    if (!has_secret(name)) throw SettingError("secret " + detail::quoted(name) + " is missing");
  }

  /// Called after the constructor of the adapter: throws SettingError if something was given that it did not ask for.
  void seal() {
    sealed_ = true;
    for (const auto& [name, value] : values_) refuse_unless(known_, name, "setting");
    for (const auto& name : secrets_) refuse_unless(known_secrets_, name, "secret");
  }

 private:
  const std::string* find(std::string_view name) const {
    auto found = values_.find(name);
    if (found == values_.end())
      if (const auto escaped = escaped_.find(name); escaped != escaped_.end()) found = values_.find(escaped->second);
    if (!sealed_) known_.emplace(found == values_.end() ? name : found->first);
    return found == values_.end() ? nullptr : &found->second;
  }

  /// The host puts a backslash before a dot, or a backslash, that belongs to a key.
  static std::string plain(std::string_view name) {
    std::string text;
    for (std::size_t at = 0; at < name.size(); ++at) {
      if (name[at] == '\\' && at + 1 < name.size()) ++at;
      text += name[at];
    }
    return text;
  }

  /// The key right below `table` that leads to the value of that name; empty if it is not in that table.
  static std::string key_below(std::string_view name, std::string_view table) {
    for (std::size_t at = 0; at < name.size(); ++at) {
      if (name[at] == '\\') {
        ++at;
        continue;
      }
      if (name[at] != '.' || plain(name.substr(0, at)) != table) continue;
      const std::string_view rest = name.substr(at + 1);
      std::size_t end = 0;
      while (end < rest.size() && rest[end] != '.') end += rest[end] == '\\' ? 2 : 1;
      return plain(rest.substr(0, end));
    }
    return {};
  }

  static std::int64_t in_range(std::string_view name, const std::string& value, std::int64_t least, std::int64_t most) {
    std::int64_t number = 0;
    const char* end = value.data() + value.size();
    const auto [stop, error] = std::from_chars(value.data(), end, number);
    if (error != std::errc() || stop != end || number < least || number > most)
      throw SettingError("setting " + detail::quoted(name) + " is " + detail::quoted(value) +
                         "; it must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return number;
  }

  static std::string checked_url(std::string_view name, std::string value) {
    if (!value.starts_with("http://") && !value.starts_with("https://"))
      throw SettingError("setting " + detail::quoted(name) + " must be an absolute http or https URL");
    if (const auto problem = detail::url_problem(value); !problem.empty())
      throw SettingError("setting " + detail::quoted(name) + " " + std::string(problem));
    return value;
  }

  static void refuse_unless(const Names& known, const std::string& name, const char* what) {
    if (known.find(name) != known.end()) return;
    std::string all;
    for (const auto& one : known) all += (all.empty() ? "" : ", ") + one;
    throw SettingError(std::string("unknown ") + what + " " + detail::quoted(name) +
                       "; known: " + (all.empty() ? "none" : all));
  }

  std::string action_;
  Values values_;
  Values escaped_;  // names with a backslash, by the plain ones
  Names secrets_;
  mutable Names known_;  // mutable: asking is how a setting becomes known
  mutable Names known_secrets_;
  bool sealed_ = false;
};

}  // namespace fulfill

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fulfill/request.hpp>
#include <fulfill/settings.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mapping {

/// One text of a table with free names, such as `query.NAME`.
class Entry {
 public:
  Entry(std::string name, std::string setting, std::string text)
      : name_(std::move(name)), setting_(std::move(setting)), text_(std::move(text)) {}

  /// Below the table; may hold dots. All elements of an array have the array's name.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// The setting's whole name, for messages.
  [[nodiscard]] const std::string& setting() const noexcept { return setting_; }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string name_;
  std::string setting_;
  std::string text_;
};

/// The settings of an action that stand below one prefix: all of them, or those of `steps.0.`. Reads as
/// fulfill::Settings does. Lives in the adapter's constructor.
class Section {
 public:
  explicit Section(const fulfill::Settings& settings, std::string prefix = {})
      : settings_(settings), prefix_(std::move(prefix)) {}

  [[nodiscard]] const fulfill::Settings& settings() const noexcept { return settings_; }
  /// The whole name of one of its settings.
  [[nodiscard]] std::string full(std::string_view name) const { return prefix_ + std::string(name); }

  [[nodiscard]] std::string text(std::string_view name) const { return settings_.text(full(name)); }
  [[nodiscard]] std::optional<std::string> find(std::string_view name) const;
  [[nodiscard]] std::string choice(std::string_view name, std::initializer_list<std::string_view> words,
                                   std::string_view otherwise) const {
    return settings_.choice(full(name), words, otherwise);
  }
  /// `least` and `most` are allowed.
  [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most,
                                     std::int64_t otherwise) const {
    return settings_.integer(full(name), least, most, otherwise);
  }
  /// `500ms`, `2s` or `1m`; zero if it is not set.
  [[nodiscard]] std::chrono::milliseconds duration(std::string_view name) const;
  /// `safe`, `idempotent` or `unsafe`.
  [[nodiscard]] fulfill::Operation operation(fulfill::Operation otherwise) const;

  [[nodiscard]] fulfill::Settings::Names names(std::string_view table) const { return settings_.names(full(table)); }
  /// How long an array is; nothing if the name is none of an array, but of a text or a table.
  [[nodiscard]] std::optional<std::size_t> array(std::string_view name) const;
  /// All texts below a table, however deep.
  [[nodiscard]] std::vector<Entry> entries(std::string_view table) const;

  /// Throws the SettingError `setting "NAME" PROBLEM`.
  [[noreturn]] void refuse(std::string_view name, std::string_view problem) const;

 private:
  void collect(const std::string& path, const std::string& name, std::vector<Entry>& found) const;

  const fulfill::Settings& settings_;
  std::string prefix_;
};

/// The SettingError `setting "NAME" PROBLEM`. `setting`: its whole name.
[[nodiscard]] fulfill::SettingError wrong_setting(std::string_view setting, std::string_view problem);

}  // namespace mapping

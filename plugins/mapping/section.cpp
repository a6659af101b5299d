// SPDX-License-Identifier: Apache-2.0
#include "section.hpp"

#include <charconv>
#include <system_error>

namespace mapping {

using std::chrono::milliseconds;

fulfill::SettingError wrong_setting(std::string_view setting, std::string_view problem) {
  return fulfill::SettingError("setting " + fulfill::detail::quoted(setting) + " " + std::string(problem));
}

void Section::refuse(std::string_view name, std::string_view problem) const {
  throw wrong_setting(full(name), problem);
}

std::optional<std::string> Section::find(std::string_view name) const {
  // Any text may be set, so that no single default could say that none is.
  std::string text = settings_.text(full(name), "0");
  if (text == "0" && settings_.text(full(name), "1") == "1") return std::nullopt;
  return text;
}

milliseconds Section::duration(std::string_view name) const {
  const auto text = find(name);
  if (!text) return milliseconds(0);
  std::int64_t count = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, count);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  const std::int64_t factor = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60'000 : 0;
  if (error != std::errc() || factor == 0 || count < 1 || count > 1'000'000)
    refuse(name, "must be a whole number with ms, s or m, such as \"2s\"");
  return milliseconds(count * factor);
}

fulfill::Operation Section::operation(fulfill::Operation otherwise) const {
  return settings_.operation(full("operation"), otherwise);
}

std::optional<std::size_t> Section::array(std::string_view name) const {
  const auto below = names(name);
  for (std::size_t i = 0; i < below.size(); ++i)
    if (!below.contains(std::to_string(i))) return std::nullopt;
  if (below.empty()) return std::nullopt;
  return below.size();
}

std::vector<Entry> Section::entries(std::string_view table) const {
  std::vector<Entry> found;
  for (const auto& name : names(table)) collect(std::string(table) + "." + name, name, found);
  return found;
}

void Section::collect(const std::string& path, const std::string& name, std::vector<Entry>& found) const {
  if (auto text = find(path)) found.emplace_back(name, full(path), std::move(*text));
  if (const auto length = array(path)) {
    for (std::size_t i = 0; i < *length; ++i) collect(path + "." + std::to_string(i), name, found);
    return;
  }
  for (const auto& part : names(path)) collect(path + "." + part, name + "." + part, found);
}

}  // namespace mapping

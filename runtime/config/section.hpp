// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/config/codec.hpp"
#include "runtime/config/config.hpp"
#include "runtime/config/reading.hpp"
#include "runtime/config/toml_text.hpp"

namespace fulfilld {

/// One setting of a section: a row of the schema. `key` is relative to the section, e.g. `retry.attempts`.
template <class Settings>
struct Row {
  std::string key;
  std::string allowed;
  std::function<void(const Node&, const std::string& key, Settings&, Reading&)> read;
  std::function<std::vector<PrintedValue>(const Settings&)> print;
};

/// A row for what `access` (a member pointer, or a function from settings to a reference) leads to.
template <class Settings, class Access, class T>
[[nodiscard]] Row<Settings> row(std::string key, Access access, Codec<T> codec) {
  return {
      std::move(key), codec.allowed,
      [access, read = codec.read](const Node& node, const std::string& full_key, Settings& settings, Reading& reading) {
        auto value = read(node, full_key, reading);
        if (!value) return;
        std::invoke(access, settings) = std::move(*value);
        reading.record(full_key, node.place);
      },
      [access, print = codec.print](const Settings& settings) { return print(std::invoke(access, settings)); }};
}

template <class Settings>
using Rows = std::vector<Row<Settings>>;

/// The names that may stand in the table under `prefix` (empty, or ending in a dot), each once.
template <class Settings>
[[nodiscard]] std::vector<std::string> known_names(const Rows<Settings>& rows, const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& row : rows) {
    if (!row.key.starts_with(prefix)) continue;
    const std::string rest = row.key.substr(prefix.size());
    const std::string name = rest.substr(0, rest.find('.'));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

/// Reads a table into `settings`, and reports what does not fit. `path` is the table's full key.
template <class Settings>
void read_rows(const Rows<Settings>& rows, const std::string& prefix, const Node& node, const std::string& path,
               Settings& settings, Reading& reading) {
  if (node.table() == nullptr) {
    reading.report(node.place, path, "must be a table, not " + describe(node));
    return;
  }
  const auto known = known_names(rows, prefix);
  for (const auto& [name, member] : *node.table()) {
    const std::string key = join_key(path, name);
    const std::string row_key = prefix + name;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&row_key](const auto& candidate) { return candidate.key == row_key; });
    if (std::find(known.begin(), known.end(), name) == known.end())
      reading.report_unknown(member, key, name, known);
    else if (found != rows.end())
      found->read(member, key, settings, reading);
    else
      read_rows(rows, row_key + '.', member, key, settings, reading);
  }
}

/// One line of the printed configuration: `key` is relative to the table, `full_key` leads to the origin.
struct PrintedLine {
  std::string key;
  std::string full_key;
  std::string text;
};

/// A printed table of the configuration.
struct PrintedTable {
  std::string path;
  std::vector<PrintedLine> lines;
};

template <class Settings>
[[nodiscard]] PrintedTable print_rows(const Rows<Settings>& rows, const std::string& path, const Settings& settings) {
  PrintedTable table{path, {}};
  for (const auto& row : rows)
    for (auto& value : row.print(settings)) {
      const std::string key = value.key.empty() ? row.key : row.key + '.' + value.key;
      table.lines.push_back({key, path + '.' + key, std::move(value.text)});
    }
  return table;
}

/// A top-level table of the configuration, whatever it holds.
struct Section {
  std::string name;
  std::vector<std::string> keys;  ///< full keys of all settings; `*` stands for a free name
  std::function<void(const Node&, Config&, Reading&)> read;
  std::function<std::vector<PrintedTable>(const Config&)> print;
};

/// `[NAME]`: `access` leads from the configuration to its settings.
template <class Settings, class Access>
[[nodiscard]] Section section(const std::string& name, Access access, Rows<Settings> rows) {
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(name + '.' + row.key);
  return {name, std::move(keys),
          [name, access, rows](const Node& node, Config& config, Reading& reading) {
            read_rows(rows, "", node, name, static_cast<Settings&>(std::invoke(access, config)), reading);
          },
          [name, access, rows](const Config& config) {
            return std::vector<PrintedTable>{
                print_rows(rows, name, static_cast<const Settings&>(std::invoke(access, config)))};
          }};
}

/// What a name between section and settings must be: gives the name to store, or reports and gives an empty one.
using NameRule = std::function<std::string(const std::string& written, const std::string& key, const Node&, Reading&)>;

/// `[NAME.free name]`: `access` leads to a map. Settings that a table leaves out, and names in the map that have no
/// table, are as in the table `default` where `inherit` is set and there is one.
template <class Settings, class Access>
[[nodiscard]] Section named_section(const std::string& name, Access access, NameRule rule, bool inherit,
                                    Rows<Settings> rows) {
  std::vector<std::string> keys;
  for (const auto& row : rows) keys.push_back(name + ".*." + row.key);
  return {name, std::move(keys),
          [name, access, rule = std::move(rule), inherit, rows](const Node& node, Config& config, Reading& reading) {
            if (node.table() == nullptr) {
              reading.report(node.place, name, "must be a table, not " + describe(node));
              return;
            }
            auto& all = std::invoke(access, config);
            const auto record_inherited = [&](const std::string& stored) {
              for (const auto& row : rows)
                if (const auto place = reading.place_of(name + ".default." + row.key); !place.source.empty())
                  reading.record(join_key(name, stored) + '.' + row.key, place);
            };
            Settings base;
            if (const Node* common = inherit ? node.find("default") : nullptr) {
              read_rows(rows, "", *common, name + ".default", base, reading);
              reading.record(name + ".default", common->key_place);
              all.insert_or_assign("default", base);
              for (auto& [stored, settings] : all) {
                settings = base;
                record_inherited(stored);
              }
            }
            for (const auto& [written, member] : *node.table()) {
              if (inherit && written == "default") continue;
              const std::string stored = rule(written, join_key(name, written), member, reading);
              if (stored.empty()) continue;
              const std::string path = join_key(name, stored);
              if (inherit) record_inherited(stored);
              Settings settings = base;
              read_rows(rows, "", member, path, settings, reading);
              reading.record(path, member.key_place);
              all.insert_or_assign(stored, std::move(settings));
            }
          },
          [name, access, rows](const Config& config) {
            std::vector<PrintedTable> tables;
            for (const auto& [stored, settings] : std::invoke(access, config))
              tables.push_back(print_rows(rows, join_key(name, stored), settings));
            return tables;
          }};
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/report.hpp"

#include "runtime/config/schema.hpp"

namespace fulfilld {
namespace {

std::string origin_of(const Origins& origins, const std::string& key) {
  const auto found = origins.find(key);
  return found == origins.end() || found->second.source.empty() ? "default" : found->second.line_text();
}

}  // namespace

Report check_report(const LoadedConfig& loaded) {
  std::string text;
  for (const auto& warning : loaded.warnings) text += "warning: " + warning.text() + '\n';
  if (loaded.usable()) return {text + "the configuration is valid\n", 0};
  for (const auto& problem : loaded.problems) text += problem.text() + '\n';
  const std::size_t count = loaded.problems.size();
  return {text + std::to_string(count) + (count == 1 ? " mistake\n" : " mistakes\n"), 1};
}

Report print_report(const LoadedConfig& loaded) {
  if (!loaded.usable()) return check_report(loaded);
  std::string text;
  for (const auto& section : schema())
    for (const auto& table : section.print(loaded.config)) {
      text += (text.empty() ? "[" : "\n[") + table.path + "]\n";
      for (const auto& line : table.lines)
        text += line.key + " = " + line.text + "  # " + origin_of(loaded.origins, line.full_key) + '\n';
    }
  return {std::move(text), 0};
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/load_config.hpp"

#include <algorithm>
#include <utility>

#include "runtime/config/cross_checks.hpp"
#include "runtime/config/dotenv.hpp"
#include "runtime/config/read_file.hpp"
#include "runtime/config/schema.hpp"
#include "runtime/config/toml_file.hpp"
#include "runtime/config/tutorial_environment.hpp"

namespace fulfilld {
namespace {

Dotenv read_dotenv(const std::filesystem::path& directory) {
  constexpr std::size_t largest = 1 << 20;
  const auto path = directory / ".env";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  auto file = read_file(path, largest);
  if (!file.problem.empty()) return {{}, {{{".env"}, "", std::move(file.problem)}}};
  return parse_dotenv(file.text, ".env");
}

// Defaults that depend on where and how the program runs.
void set_surroundings(const ConfigSources& sources, Config& config, Reading& reading) {
  if (!sources.program.empty())
    config.adapter_directories = {(sources.program.parent_path() / "../lib/fulfilld/adapters").lexically_normal()};
  config.targets["default"];
  if (const auto state = reading.environment().find("STATE_DIRECTORY")) {
    // systemd separates several by colons.
    config.journal.directory = state->text.substr(0, state->text.find(':'));
    reading.record("journal.directory", state->place);
  }
}

void read_sections(const Node& root, Config& config, Reading& reading) {
  const auto sections = schema();
  std::vector<std::string> names;
  names.reserve(sections.size());
  for (const auto& section : sections) names.push_back(section.name);
  for (const auto& [name, node] : *root.table()) {
    const auto found = std::find_if(sections.begin(), sections.end(),
                                    [&name = name](const Section& section) { return section.name == name; });
    if (found == sections.end())
      reading.report_unknown(node, join_key("", name), name, names);
    else
      found->read(node, config, reading);
  }
}

// Defaults that depend on other settings: what is accepted has room wherever it may have to wait.
void derive_bounds(Config& config, const Reading& reading) {
  const auto derive = [&](const std::string& path, std::string_view key, std::size_t& bound) {
    if (reading.place_of(path + '.' + std::string(key)).source.empty()) bound = config.limits.max_in_flight;
  };
  for (auto& [name, target] : config.targets) derive(join_key("targets", name), "max_waiting", target.max_waiting);
  for (auto& [name, action] : config.actions)
    derive(join_key("actions", name), "blocking_waiting", action.blocking.waiting);
}

}  // namespace

LoadedConfig load_config(const ConfigSources& sources) {
  Dotenv dotenv = read_dotenv(sources.working_directory);
  auto problems = std::exchange(dotenv.problems, {});
  const Environment environment(sources.environment, std::move(dotenv),
                                [directory = sources.working_directory] { return read_dotenv(directory); });
  Reading reading(environment);
  reading.problems() = std::move(problems);

  TomlFile file;
  if (sources.file) file = read_toml_file(*sources.file);
  LoadedConfig loaded;
  if (!file.problems.empty()) {
    // Further complaints would be noise.
    loaded.problems = std::move(file.problems);
    return loaded;
  }
  add_tutorial_environment(file.root, environment);
  set_surroundings(sources, loaded.config, reading);
  read_sections(file.root, loaded.config, reading);
  derive_bounds(loaded.config, reading);
  check_together(loaded.config, reading);

  std::stable_sort(reading.problems().begin(), reading.problems().end());
  loaded.problems = std::move(reading.problems());
  loaded.warnings = std::move(reading.warnings());
  loaded.origins = std::move(reading.origins());
  loaded.was_read = true;
  loaded.places = WrittenPlaces(loaded.origins, std::move(reading.keys()));
  return loaded;
}

}  // namespace fulfilld

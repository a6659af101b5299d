// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace fulfilld {

CommandLine parse_command_line(int argc, const char* const* argv, const std::string& version) {
  CLI::App app("Durable fulfillment service for Genesys Cloud Data Actions", "fulfilld");
  CommandLine line;
  std::string file;
  bool check = false;
  bool print = false;
  auto* const file_option = app.add_option("--config", file, "Configuration file (TOML)")->type_name("FILE");
  auto* const check_flag = app.add_flag("--check-config", check, "Name every mistake in the configuration, and end");
  app.add_flag("--print-config", print, "Print all settings in force with their origin, and end")->excludes(check_flag);
  app.set_version_flag("--version", "fulfilld " + version);
  app.footer(
      "Without a file the environment is the configuration: GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET,\n"
      "EXTERNAL_API_URL, EXTERNAL_API_TOKEN, PORT, GENESYS_OAUTH_URL, also from a .env file.\n"
      "Exit status: 0 told to end; 1 cannot start now, or --check-config found mistakes; 2 command line;\n"
      "70 gave up, start it again; 71 shutdown cut short; 78 mistakes in the configuration.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.answer = Report{app.help(), 0};
  } catch (const CLI::CallForVersion&) {
    line.answer = Report{app.version() + '\n', 0};
  } catch (const CLI::ParseError& error) {
    line.answer = Report{std::string(error.what()) + "\nfulfilld --help tells more\n", 2};
  }
  if (file_option->count() > 0) line.config_file = file;
  if (check) line.command = CommandLine::Command::check_config;
  if (print) line.command = CommandLine::Command::print_config;
  return line;
}

}  // namespace fulfilld

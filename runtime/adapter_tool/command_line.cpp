// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/command_line.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "runtime/adapter_tool/exit_status.hpp"

namespace fulfilld {
namespace {

constexpr const char* kStatus =
    "Exit status: 0 all is well; 1 the adapter fails a check, a rule or the run; 2 the command line or a file that it\n"
    "names has a mistake.";

CLI::App* add_new(CLI::App& app, NewOptions& options) {
  auto* const command = app.add_subcommand("new", "Write a complete project for a new adapter");
  command->add_option("NAME", options.name, "Name of the adapter: a-z, 0-9, _ and -")->required();
  command->add_option("--directory", options.directory, "Where the project's directory is made (default: here)")
      ->type_name("DIR");
  command->footer("Example:\n  fulfilld-adapter new crm_lookup");
  return command;
}

CLI::App* add_check(CLI::App& app, CheckOptions& options) {
  auto* const command = app.add_subcommand("check", "Tell what a library is, without running its code");
  command->add_option("FILE", options.file, "The library, e.g. build/crm_lookup.so")->required();
  command->footer("Example:\n  fulfilld-adapter check build/crm_lookup.so");
  return command;
}

template <typename Options>
void add_action(CLI::App& command, Options& options) {
  command.add_option("FILE", options.file, "The library, e.g. build/crm_lookup.so")->required();
  command.add_option("--config", options.config, "File with the action, such as action.toml or a whole fulfilld.toml")
      ->type_name("FILE");
  command.add_option("--action", options.action, "The action (default: the one that uses the adapter)")
      ->type_name("NAME");
  command.add_option("--data", options.data, "The input (default: that of the answers, else {})")->type_name("JSON");
  command.add_option("--answers", options.answers, "What the backend answers, such as answers.json")->type_name("FILE");
}

CLI::App* add_run(CLI::App& app, RunOptions& options) {
  auto* const command = app.add_subcommand("run", "Execute once, and print calls and result");
  add_action(*command, options);
  command->footer(
      "With --answers nothing leaves this machine, and secrets are made up. Without, the calls really go out.\n"
      "Examples:\n"
      "  fulfilld-adapter run build/crm_lookup.so --config action.toml --answers answers.json\n"
      "  fulfilld-adapter run build/crm_lookup.so --config action.toml --data '{\"customerId\":\"42\"}'");
  return command;
}

CLI::App* add_verify(CLI::App& app, VerifyOptions& options) {
  auto* const command = app.add_subcommand("verify", "Try it against a backend that fails in every way");
  add_action(*command, options);
  command->add_option("--rule", options.rule, "Try this rule only")->type_name("NAME");
  command->add_flag("--json", options.json, "Tell the result to a machine");
  command->add_option("--scenario", options.scenario)->group("");
  command->footer(
      "First it runs with the answers as they are; then each of its calls meets each fault, and it is cancelled\n"
      "wherever it waits. Nothing leaves this machine, and secrets are made up.\n"
      "Example:\n"
      "  fulfilld-adapter verify build/crm_lookup.so --config action.toml --answers answers.json");
  return command;
}

}  // namespace

AdapterCommand parse_adapter_command(int argc, const char* const* argv, const std::string& version) {
  CLI::App app("Makes, checks, runs and verifies adapters for fulfilld", "fulfilld-adapter");
  app.set_version_flag("--version", "fulfilld-adapter " + version);
  app.require_subcommand(1);
  app.footer(kStatus);
  NewOptions new_options;
  CheckOptions check_options;
  RunOptions run_options;
  VerifyOptions verify_options;
  const auto* const new_command = add_new(app, new_options);
  const auto* const check_command = add_check(app, check_options);
  const auto* const run_command = add_run(app, run_options);
  add_verify(app, verify_options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return CommandLineAnswer{app.help(), adapter_tool_status::good};
  } catch (const CLI::CallForVersion&) {
    return CommandLineAnswer{app.version() + '\n', adapter_tool_status::good};
  } catch (const CLI::ParseError& error) {
    const auto named = app.get_subcommands();
    return CommandLineAnswer{std::string(error.what()) + "\nfulfilld-adapter " +
                                 (named.empty() ? "" : named.front()->get_name() + " ") + "--help tells more\n",
                             adapter_tool_status::usage};
  }
  if (new_command->parsed()) return new_options;
  if (check_command->parsed()) return check_options;
  if (run_command->parsed()) return run_options;
  return verify_options;
}

}  // namespace fulfilld

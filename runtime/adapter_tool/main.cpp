// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <iostream>
#include <variant>

#include "runtime/adapter_tool/check.hpp"
#include "runtime/adapter_tool/command_line.hpp"
#include "runtime/adapter_tool/exit_status.hpp"
#include "runtime/adapter_tool/new_project.hpp"
#include "runtime/adapter_tool/run.hpp"
#include "runtime/adapter_tool/verify.hpp"

namespace {

using namespace fulfilld;

int carry_out(const CommandLineAnswer& answer) {
  (answer.status == adapter_tool_status::good ? std::cout : std::cerr) << answer.text;
  return answer.status;
}
int carry_out(const NewOptions& options) { return new_command(options); }
int carry_out(const CheckOptions& options) { return check_command(options.file); }
int carry_out(const RunOptions& options) { return run_command(options); }
int carry_out(const VerifyOptions& options) { return verify_command(options); }

}  // namespace

int main(int argc, char** argv) {
  try {
    return std::visit([](const auto& command) { return carry_out(command); },
                      parse_adapter_command(argc, argv, FULFILLD_VERSION));
  } catch (const std::exception& problem) {
    std::cerr << "fulfilld-adapter: " << problem.what() << '\n';
    return adapter_tool_status::usage;
  }
}

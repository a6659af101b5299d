// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "tests/integration/scratch_directory.hpp"
#include "tests/integration/service.hpp"
#include "tests/integration/simulator_client.hpp"

namespace fulfilld::integration {

/// A test of the real fulfilld against the simulator, each a process of its own. A directory of the test's own holds
/// configuration and journal; a second `start` finds there what the first one left.
class FulfilldTest : public testing::Test {
 protected:
  FulfilldTest();

  static constexpr const char* client_secret = "secret-of-the-client & more";
  static constexpr const char* backend_token = "secret-of-the-backend";

  SimulatorClient simulator;
  ScratchDirectory directory{"fulfilld-test"};

  /// Sets `key` of a table of the configuration to a TOML value, e.g. `set("log", "level", "\"info\"")`.
  void set(const std::string& table, const std::string& key, const std::string& value);
  void set_text(const std::string& table, const std::string& key, const std::string& text);
  void unset(const std::string& table) { configuration_.erase(table); }

  /// Starts fulfilld with the configuration as it has been set.
  [[nodiscard]] Service start() const { return Service(command()); }
  [[nodiscard]] Command command() const;

  /// Path of the configuration file, written anew.
  [[nodiscard]] std::string write_configuration() const;

  /// A body for POST /execute. `data` is JSON text, `callback_query` what the fulfillment endpoint is to do.
  [[nodiscard]] std::string execute_body(const std::string& id, const std::string& data = "{}",
                                         const std::string& callback_query = {}) const;

  /// Sends an execution, expects 202, and waits for its result: the body of the first callback that was taken and is
  /// final.
  [[nodiscard]] Json result_of(const Service& service, const std::string& id, const std::string& data = "{}",
                               const std::string& callback_query = {}) const;

  /// The taken final callback of an execution that has been sent; waits for it.
  [[nodiscard]] Json taken_result(const std::string& id) const;

  /// Sends an execution and expects 202.
  void send(const Service& service, const std::string& id, const std::string& data = "{}",
            const std::string& callback_query = {}) const;

  /// `{"simulate":FAULT}`: data that makes the simulated backend do that.
  [[nodiscard]] static std::string simulate(const std::string& fault) { return R"({"simulate":)" + fault + "}"; }

 private:
  std::map<std::string, std::map<std::string, std::string>> configuration_;
};

/// The program under test, and an environment without anything that it looks at.
[[nodiscard]] Command fulfilld_command(std::vector<std::string> arguments);

/// Milliseconds from the end of the answer to one exchange until the next one came, by the simulator's clock.
[[nodiscard]] double gap_ms(const Json& earlier, const Json& later);

}  // namespace fulfilld::integration

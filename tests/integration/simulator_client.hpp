// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/integration/http_client.hpp"
#include "tests/integration/lines.hpp"
#include "tests/integration/process.hpp"

namespace fulfilld::integration {

using Json = nlohmann::json;

/// A simulator process of one's own, and what a test says to it. Ends with the object.
class SimulatorClient {
 public:
  /// Starts `program` and waits until it is ready. Throws if it does not get so far.
  explicit SimulatorClient(const std::filesystem::path& program, std::vector<std::string> arguments = {});

  [[nodiscard]] const std::string& genesys() const noexcept { return urls_.at("genesys"); }
  [[nodiscard]] const std::string& backend() const noexcept { return urls_.at("backend"); }
  [[nodiscard]] const std::string& control() const noexcept { return urls_.at("control"); }
  [[nodiscard]] std::string token_url() const { return genesys() + "/oauth/token"; }
  [[nodiscard]] std::string fulfillment_url(const std::string& id, const std::string& query = {}) const;

  /// Faults and settings of the run; see the simulator's README. Throws if the simulator does not understand them.
  void configure(const Json& settings) const;

  void revoke_tokens() const { command("revoke-tokens"); }
  void release() const { command("release"); }
  void reset() const { command("reset"); }

  /// True once each counter has reached its number; false if that does not happen within `limit`.
  [[nodiscard]] bool wait(const std::map<std::string, int>& counters, std::chrono::milliseconds limit = patience) const;

  [[nodiscard]] Json record() const { return query("record"); }
  [[nodiscard]] Json counts() const { return query("counts"); }
  [[nodiscard]] Json outcomes() const { return query("outcomes"); }
  [[nodiscard]] Json attempts() const { return query("attempts"); }
  [[nodiscard]] Json callbacks(const std::string& id) const { return query("callbacks/" + id); }

  /// The backend calls of one execution, in order. `id` empty: all.
  [[nodiscard]] std::vector<Json> backend_calls(const std::string& id = {}) const;

  [[nodiscard]] Process& process() noexcept { return process_; }

 private:
  void command(const std::string& name) const;
  [[nodiscard]] Json query(const std::string& path) const;

  Lines output_;
  Process process_;
  std::map<std::string, std::string> urls_;
};

}  // namespace fulfilld::integration

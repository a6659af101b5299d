// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/integration/http_client.hpp"
#include "tests/integration/lines.hpp"
#include "tests/integration/process.hpp"

namespace fulfilld::integration {

/// A running fulfilld. Killed by the destructor, unless it has ended before.
class Service {
 public:
  using OnLine = std::function<void(const std::string& line)>;

  /// Starts it and waits until it listens. `on_line` gets each line of its log as it comes, on another thread. Throws
  /// std::runtime_error, with what it wrote, if it does not get so far.
  explicit Service(const Command& command, OnLine on_line = {});

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::string url(const std::string& path = {}) const;

  /// `POST /execute`, or `POST /execute/{action}`, with a JSON body.
  [[nodiscard]] HttpReply execute(const std::string& body, const std::string& action = {}) const;
  [[nodiscard]] HttpReply get(const std::string& path) const;

  /// SIGTERM, and waits for the end. Empty if it still runs after `limit`.
  [[nodiscard]] std::optional<Exit> stop(std::chrono::milliseconds limit = patience);

  /// All that it has written so far.
  [[nodiscard]] std::string log() const { return output_.text(); }

  /// Waits for a log line of that event and, unless it is empty, that execution.
  [[nodiscard]] bool logged(const std::string& event, const std::string& execution = {}) const;

  /// The log lines of that event and that execution so far, in order.
  [[nodiscard]] std::vector<nlohmann::json> events(const std::string& event, const std::string& execution) const;

  /// Waits for a log line that contains the text.
  [[nodiscard]] bool said(const std::string& text) const;

  [[nodiscard]] Process& process() noexcept { return process_; }

 private:
  Lines output_;
  Process process_;
  std::uint16_t port_ = 0;
};

/// What a program that ends by itself wrote, and how it ended.
struct Finished {
  Exit exit;
  std::string output;
};

/// Runs the program to its end. Throws std::runtime_error if it does not come to one.
[[nodiscard]] Finished run(const Command& command);

}  // namespace fulfilld::integration

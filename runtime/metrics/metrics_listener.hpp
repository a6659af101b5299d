// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/HTTPServer.h>
#include <Poco/ThreadPool.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace fulfilld {

/// Answers `GET /metrics`, on threads of its own, from construction to destruction. Plain HTTP, for the network inside:
/// a client that is slow on purpose can keep others from reading the figures, but costs the service nothing more.
class MetricsListener {
 public:
  /// `port` 0: any free one. `text` makes the answer, on any thread, and outlives the listener. Throws
  /// std::runtime_error, one sentence, if it cannot listen there.
  MetricsListener(const std::string& address, std::uint16_t port, std::function<std::string()> text);
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;
  ~MetricsListener();

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

 private:
  Poco::ThreadPool threads_;
  std::unique_ptr<Poco::Net::HTTPServer> server_;
};

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "actors/ports/http_engine.hpp"
#include "tests/runtime/egress/long_enough.hpp"

namespace fulfilld::testing {

/// An exchange that can be waited for, and that counts how often it was handed back.
class TestExchange final : public HttpExchange {
 public:
  void finished(std::shared_ptr<HttpExchange>) noexcept override {
    const std::lock_guard lock(mutex_);
    ++times_finished_;
    changed_.notify_all();
  }

  /// False if it has not been handed back within a time that is long enough for any test.
  [[nodiscard]] bool wait() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, long_enough, [this] { return times_finished_ > 0; });
  }

  [[nodiscard]] int times_finished() const {
    const std::lock_guard lock(mutex_);
    return times_finished_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int times_finished_ = 0;
};
using TestExchangePtr = std::shared_ptr<TestExchange>;

/// A parsed URL, as `runtime/url` would make it.
inline Url make_url(std::string_view scheme, const std::string& host, std::uint16_t port, std::string_view target) {
  Url url;
  url.tls = scheme == "https";
  url.host = host;
  url.port = port;
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  url.authority = name + ":" + std::to_string(port);
  url.origin = std::string(scheme) + "://" + url.authority;
  url.target = target;
  url.text = url.origin + url.target;
  return url;
}

inline TestExchangePtr make_exchange(Url url, std::string method = "GET") {
  auto exchange = std::make_shared<TestExchange>();
  exchange->request.method = std::move(method);
  exchange->request.url = std::move(url);
  exchange->request.time_limit = std::chrono::seconds{20};
  return exchange;
}

inline TestExchangePtr make_post(Url url, std::string body) {
  auto exchange = make_exchange(std::move(url), "POST");
  exchange->request.body = std::make_shared<const std::string>(std::move(body));
  return exchange;
}

}  // namespace fulfilld::testing

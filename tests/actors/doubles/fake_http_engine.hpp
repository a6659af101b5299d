// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "actors/ports/http_engine.hpp"

namespace fulfilld::test {

/// An engine that only notes what is started, and finishes it when the test says so. One thread.
class FakeHttpEngine final : public HttpEngine {
 public:
  void start(std::shared_ptr<HttpExchange> exchange) override;

  /// Requests as they were when they were started, in that order.
  [[nodiscard]] const std::vector<HttpRequest>& started() const noexcept { return started_; }

  [[nodiscard]] std::size_t under_way() const noexcept { return under_way_.size(); }

  /// Finishes the exchange that has been under way for longest, to `host` where one is given.
  /// Throws std::out_of_range if there is none.
  void finish(HttpAnswer answer, const std::string& host = {});

  /// Drops what is under way without a word.
  void forget() { under_way_.clear(); }

 private:
  std::vector<HttpRequest> started_;
  std::vector<std::shared_ptr<HttpExchange>> under_way_;
};

}  // namespace fulfilld::test

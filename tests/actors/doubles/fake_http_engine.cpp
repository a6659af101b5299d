// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/doubles/fake_http_engine.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fulfilld::test {

void FakeHttpEngine::start(std::shared_ptr<HttpExchange> exchange) {
  if (exchange->answer.status != 0 || exchange->answer.failure != HttpFailure::none || !exchange->answer.body.empty())
    throw std::logic_error("an exchange was started with an answer in it");
  started_.push_back(exchange->request);
  under_way_.push_back(std::move(exchange));
}

void FakeHttpEngine::finish(HttpAnswer answer, const std::string& host) {
  const auto found = std::find_if(under_way_.begin(), under_way_.end(), [&](const auto& exchange) {
    return host.empty() || exchange->request.url.host == host;
  });
  if (found == under_way_.end()) throw std::out_of_range("nothing is under way to '" + host + "'");
  const auto exchange = std::move(*found);
  under_way_.erase(found);
  exchange->answer = std::move(answer);
  exchange->finished(exchange);
}

}  // namespace fulfilld::test

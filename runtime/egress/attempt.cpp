// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/attempt.hpp"

#include <utility>

namespace fulfilld {

void Attempt::finish(HttpFailure failure, std::string detail, MonotonicTime now) noexcept {
  HttpAnswer& answer = exchange->answer;
  answer.failure = failure;
  answer.detail = std::move(detail);
  if (failure != HttpFailure::none) answer.detail.insert(0, ": ").insert(0, exchange->request.url.origin);
  answer.elapsed = std::chrono::duration_cast<std::chrono::microseconds>(now - started);
  if (failure != HttpFailure::none) std::string().swap(answer.body);
  HttpExchange& maker = *exchange;
  maker.finished(std::move(exchange));
}

}  // namespace fulfilld

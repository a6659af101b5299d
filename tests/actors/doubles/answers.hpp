// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "actors/ports/http_engine.hpp"

namespace fulfilld::test {

/// A complete answer. `retry_after`, where given, is its Retry-After field.
inline HttpAnswer status(int code, std::string body = {}, std::string retry_after = {}) {
  HttpAnswer answer;
  answer.request_sent = true;
  answer.status = code;
  answer.body = std::move(body);
  if (!retry_after.empty()) answer.fields.push_back({"Retry-After", std::move(retry_after)});
  return answer;
}

/// An attempt that ended below HTTP.
inline HttpAnswer broken(HttpFailure failure, bool request_sent = true) {
  HttpAnswer answer;
  answer.failure = failure;
  answer.request_sent = request_sent;
  return answer;
}

}  // namespace fulfilld::test

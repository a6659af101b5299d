// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/backend.hpp"

#include <utility>

namespace fulfilld {

Url Backend::answer(const Attempt& attempt) {
  if (attempt.call == 0 && attempt.url == token_url_) {
    Reply token;
    token.fields = {{"Content-Type", "application/json"}};
    token.body = R"({"access_token":"made-up-token","token_type":"bearer","expires_in":3600})";
    return server_.url_for(std::move(token));
  }
  Reply reply = good_reply(attempt);
  if (fault_) reply = fault_(attempt, std::move(reply));
  return server_.url_for(std::move(reply));
}

std::vector<std::string> Backend::unanswered() {
  const std::lock_guard lock(mutex_);
  return unanswered_;
}

Reply Backend::good_reply(const Attempt& attempt) {
  const std::lock_guard lock(mutex_);
  Reply reply;
  if (auto answer = answers_.next(attempt.method, attempt.url)) {
    reply.status = answer->status;
    reply.fields = std::move(answer->fields);
    reply.body = std::move(answer->body);
    return reply;
  }
  unanswered_.push_back(attempt.method + " " + attempt.url);
  reply.status = 404;
  return reply;
}

}  // namespace fulfilld

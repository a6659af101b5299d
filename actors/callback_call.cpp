// SPDX-License-Identifier: Apache-2.0
#include "actors/callback_call.hpp"

#include <utility>

#include "actors/call.hpp"
#include "actors/callback_lane.hpp"

namespace fulfilld {

CallPtr make_callback_call(const CallbackLaneConfig& config, const Execution& execution,
                           std::shared_ptr<const std::string> body) {
  auto call = std::make_shared<Call>();
  call->tag = execution.sequence;
  call->lane = CallbackLaneConfig::lane;
  call->request.method = "POST";
  call->request.url = execution.fulfillment_url;
  call->request.header_lines = "Content-Type: application/json\r\nAccept: application/json\r\n";
  call->request.body = std::move(body);
  const auto& token = execution.fulfillment_token;
  const bool own_token = config.authorization == CallbackAuthorization::fulfillment_token ||
                         (config.authorization == CallbackAuthorization::fulfillment_token_or_oauth && !token.empty());
  if (!own_token)
    call->credential = config.credential;
  else if (!token.empty())
    call->request.authorization = "Bearer " + token;
  return call;
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/execute_endpoint.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "runtime/url/parse_url.hpp"

namespace fulfilld {
namespace {

Answer accepted(const std::string& execution_id) {
  Answer answer;
  answer.status = 202;
  answer.body = R"({"status":"accepted","executionId":")";
  answer.body += execution_id;
  answer.body += "\"}";
  return answer;
}

Answer conflict(const std::string& execution_id) {
  return error_answer(Reason::key_conflict, "It was accepted as execution " + execution_id);
}

}  // namespace

Answer ExecuteEndpoint::execute(const ExecuteHead& head, RequestScratch& scratch) {
  auto checked = check(head, scratch);
  if (!checked.execution) return std::move(checked.refusal);
  return wait_for_journal(std::move(checked.execution));
}

ExecuteEndpoint::Checked ExecuteEndpoint::check(const ExecuteHead& head, RequestScratch& scratch) {
  if (scratch.body.size() <= RequestScratch::kept_body)
    return make_execution(head, scratch.parser.parse(scratch.body), scratch.ids);
  const std::lock_guard turn(large_bodies_);
  ExecuteBodyParser parser;
  return make_execution(head, parser.parse(scratch.body), scratch.ids);
}

ExecuteEndpoint::Checked ExecuteEndpoint::make_execution(const ExecuteHead& head, const ExecuteBody& body,
                                                         ExecutionIds& ids) const {
  if (body.problem != Reason::none) return {nullptr, error_answer(body.problem, body.detail)};
  auto url = parse_url(body.fulfillment_url);
  if (!url.url) return {nullptr, error_answer(Reason::url_not_allowed, url.problem)};
  if (const auto refusal = allowed_hosts_.refusal(*url.url); !refusal.empty())
    return {nullptr, error_answer(Reason::url_not_allowed, refusal)};

  auto execution = std::make_shared<Execution>();
  execution->id = ids.id_for(url.url->target);
  execution->action = head.action;
  execution->fulfillment_url = *std::move(url.url);
  execution->fulfillment_token = body.fulfillment_token;
  execution->data = body.data;
  execution->correlation_id = head.correlation_id;
  execution->idempotency_key = head.idempotency_key;
  execution->accepted = std::chrono::steady_clock::now();
  execution->accepted_at = std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
  if (const auto refusal = admission_.try_enter(head.action, footprint(*execution), execution->place))
    return {nullptr, refusal_answer(*refusal)};
  return {std::move(execution), {}};
}

Answer ExecuteEndpoint::wait_for_journal(std::shared_ptr<Execution> execution) {
  const auto answer = journal_.accept(std::move(execution));
  switch (answer.status) {
    case AcceptAnswer::Status::accepted:
    case AcceptAnswer::Status::repeated:
      return accepted(answer.execution_id);
    case AcceptAnswer::Status::conflict:
      return conflict(answer.execution_id);
    case AcceptAnswer::Status::unavailable:
      break;
  }
  return error_answer(Reason::journal_unavailable);
}

}  // namespace fulfilld

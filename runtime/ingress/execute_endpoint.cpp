// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/execute_endpoint.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "runtime/url/parse_url.hpp"

namespace fulfilld {
namespace {

Answer accepted(const std::string& execution_id) {
  Answer answer{.status = 202, .body = R"({"status":"accepted","executionId":")", .allow = {}};
  answer.body += execution_id;
  answer.body += "\"}";
  return answer;
}

}  // namespace

Answer ExecuteEndpoint::execute(std::string_view action, std::string_view correlation_id, RequestScratch& scratch) {
  auto checked = check(scratch);
  if (!checked.execution) return std::move(checked.refusal);
  checked.execution->action = action;
  checked.execution->correlation_id = correlation_id;
  return wait_for_journal(std::move(checked.execution));
}

ExecuteEndpoint::Checked ExecuteEndpoint::check(RequestScratch& scratch) {
  if (scratch.body.size() <= RequestScratch::kept_body)
    return make_execution(scratch.parser.parse(scratch.body), scratch.ids);
  const std::lock_guard turn(large_bodies_);
  ExecuteBodyParser parser;
  return make_execution(parser.parse(scratch.body), scratch.ids);
}

ExecuteEndpoint::Checked ExecuteEndpoint::make_execution(const ExecuteBody& body, ExecutionIds& ids) const {
  if (body.problem != Reason::none) return {nullptr, error_answer(body.problem, body.detail)};
  auto url = parse_url(body.fulfillment_url);
  if (!url.url) return {nullptr, error_answer(Reason::url_not_allowed, url.problem)};
  if (const auto refusal = allowed_hosts_.refusal(*url.url); !refusal.empty())
    return {nullptr, error_answer(Reason::url_not_allowed, refusal)};

  Admission::Place place;
  switch (admission_.try_enter(place)) {
    case Admission::Answer::admitted:
      break;
    case Admission::Answer::full:
      return {nullptr, error_answer(Reason::overloaded)};
    case Admission::Answer::closed:
      return {nullptr, error_answer(Reason::shutting_down)};
  }

  auto execution = std::make_shared<Execution>();
  execution->id = ids.id_for(url.url->target);
  execution->fulfillment_url = *std::move(url.url);
  execution->fulfillment_token = body.fulfillment_token;
  execution->data = body.data;
  execution->accepted_at = std::chrono::time_point_cast<WallTime::duration>(std::chrono::system_clock::now());
  execution->place = std::move(place);
  return {std::move(execution), {}};
}

Answer ExecuteEndpoint::wait_for_journal(std::shared_ptr<Execution> execution) {
  const auto answer = journal_.accept(std::move(execution));
  switch (answer.status) {
    case AcceptAnswer::Status::accepted:
    case AcceptAnswer::Status::repeated:
      return accepted(answer.execution_id);
    case AcceptAnswer::Status::conflict:
      return error_answer(Reason::key_conflict);
    case AcceptAnswer::Status::unavailable:
      break;
  }
  return error_answer(Reason::journal_unavailable);
}

}  // namespace fulfilld

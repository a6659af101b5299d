// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/request_handler.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <new>
#include <string>

#include "runtime/ingress/connection_header.hpp"
#include "runtime/ingress/content_encoding.hpp"
#include "runtime/ingress/content_type.hpp"
#include "runtime/ingress/host_header.hpp"
#include "runtime/ingress/idempotency_key.hpp"
#include "runtime/ingress/readiness_answer.hpp"
#include "runtime/ingress/request_body.hpp"
#include "runtime/ingress/session_buffer.hpp"

namespace fulfilld {
namespace {

using Poco::Net::HTTPMessage;
using Poco::Net::HTTPRequest;

/// A body that is not wanted is read to its end if that is no more than this; else the connection closes.
constexpr std::uint64_t skippable_body = 64 * 1024;
constexpr std::size_t longest_correlation_id = 128;

const std::string no_value;

std::string_view correlation_id_of(const HTTPRequest& request) {
  static const std::string header = "ININ-Correlation-Id";
  const std::string_view id = request.get(header, no_value);
  const bool usable = id.size() <= longest_correlation_id &&
                      std::all_of(id.begin(), id.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
  return usable ? id : std::string_view{};
}

bool expects_continue(const HTTPRequest& request) {
  return request.getExpectContinue() && request.getVersion() != HTTPRequest::HTTP_1_0;
}

std::optional<Answer> execute_refusal(const HTTPRequest& request, CheckedHead& head, const RequestContext& context) {
  if (context.admission.closed()) return refusal_answer(Admission::shutting_down());
  if (context.options.actions.find(head.route.action) == context.options.actions.end())
    return error_answer(Reason::unknown_action);
  if (!context.options.can_run(head.route.action)) return error_answer(Reason::adapter_unavailable);
  if (!is_json_content_type(request.get(HTTPMessage::CONTENT_TYPE, no_value)))
    return error_answer(Reason::unsupported_content_type);
  if (has_content_encoding(request)) return error_answer(Reason::unsupported_content_encoding);
  const auto key = idempotency_key(request);
  if (!key.problem.empty()) return error_answer(Reason::bad_request, key.problem);
  head.idempotency_key = key.key;
  if (head.framing.kind == BodyFraming::Kind::none) return error_answer(Reason::length_required);
  if (head.framing.length > context.options.server.max_body) return error_answer(Reason::body_too_large);
  return std::nullopt;
}

}  // namespace

CheckedHead check_head(const HTTPRequest& request, const RequestContext& context) {
  CheckedHead head{route_of(request.getURI()), body_framing(request), {}, std::nullopt};
  if (head.framing.kind == BodyFraming::Kind::broken) {
    head.refusal = error_answer(Reason::bad_request, head.framing.problem);
  } else if (const auto problem = host_problem(request); !problem.empty()) {
    head.refusal = error_answer(Reason::bad_request, problem);
  } else if (head.route.endpoint == Route::Endpoint::none) {
    head.refusal = error_answer(Reason::not_found);
  } else if (!head.route.takes(request.getMethod())) {
    head.refusal = error_answer(Reason::method_not_allowed);
    head.refusal->allow = head.route.allow();
  } else if (head.route.endpoint == Route::Endpoint::execute) {
    head.refusal = execute_refusal(request, head, context);
  }
  return head;
}

Poco::Net::HTTPRequestHandler* RequestHandlerFactory::createRequestHandler(
    const Poco::Net::HTTPServerRequest& request) {
  auto head = check_head(request, context_);
  // Poco says 100 Continue only while the status is still 200. HTTP/1.0 does not know it (RFC 9110, section 10.1.1).
  if (head.refusal || request.getVersion() == HTTPRequest::HTTP_1_0)
    request.response().setStatus(Poco::Net::HTTPResponse::HTTP_EXPECTATION_FAILED);
  return new RequestHandler(context_, std::move(head));
}

void RequestHandler::handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) {
  auto& request_impl = static_cast<Poco::Net::HTTPServerRequestImpl&>(request);
  auto& socket = ConnectionSocket::of(*request_impl.socket().impl());
  auto afterwards = Afterwards::next_request;
  const auto answer = answer_or_failure(request_impl, socket, afterwards);

  const bool last = afterwards == Afterwards::close || !client_keeps_connection(request) ||
                    socket.watchdog().draining() || socket.watchdog().crowded();
  auto& bytes = socket.scratch().answer;
  bytes.clear();
  append_http(bytes, answer,
              {.last = last,
               .head_only = request.getMethod() == HTTPRequest::HTTP_HEAD,
               .say_keep_alive = request.getVersion() == HTTPRequest::HTTP_1_0,
               .date = response.get("Date", no_value)});
  response.setKeepAlive(!last);
  if (!last) drop_empty_lines(request_impl.session());
  socket.send_answer(bytes, last);
  socket.scratch().give_back_large_buffers();
}

Answer RequestHandler::answer_or_failure(Poco::Net::HTTPServerRequestImpl& request, ConnectionSocket& socket,
                                         Afterwards& afterwards) {
  const auto failed = [&](Reason reason, const std::string& why) {
    afterwards = Afterwards::close;
    context_.observer.event(LogLevel::error, "ingress", "A request could not be answered: " + why);
    return error_answer(reason);
  };
  try {
    return answer_to(request, socket, afterwards);
  } catch (const std::bad_alloc&) {
    return failed(Reason::overloaded, "out of memory");
  } catch (const Poco::Exception& problem) {
    return failed(Reason::internal_error, problem.displayText());
  } catch (const std::exception& problem) {
    return failed(Reason::internal_error, problem.what());
  }
}

Answer RequestHandler::answer_to(Poco::Net::HTTPServerRequestImpl& request, ConnectionSocket& socket,
                                 Afterwards& afterwards) {
  if (head_.refusal) {
    afterwards = get_rid_of_body(request);
    return *std::move(head_.refusal);
  }
  if (head_.route.endpoint == Route::Endpoint::execute) {
    auto& scratch = socket.scratch();
    if (const auto problem = receive_body(request, scratch, afterwards); problem != Reason::none)
      return error_answer(problem);
    // Cut for taking too long: nobody would hear that it was accepted.
    if (!socket.enter(Phase::working)) return error_answer(Reason::request_timeout);
    return context_.execute.execute({head_.route.action, correlation_id_of(request), head_.idempotency_key}, scratch);
  }
  afterwards = get_rid_of_body(request);
  if (!socket.enter(Phase::working)) return error_answer(Reason::request_timeout);
  if (head_.route.endpoint == Route::Endpoint::readyz) return readiness_answer(context_.readiness);
  return alive_answer(/*held=*/context_.admission.held());
}

Reason RequestHandler::receive_body(Poco::Net::HTTPServerRequestImpl& request, RequestScratch& scratch,
                                    Afterwards& afterwards) const {
  if (head_.framing.kind == BodyFraming::Kind::chunked) {
    afterwards = Afterwards::close;
    return read_chunked_body(request, context_.options.server.max_body, ExecuteBodyParser::padding, scratch.body);
  }
  if (read_body(request, head_.framing.length, ExecuteBodyParser::padding, scratch.body)) return Reason::none;
  afterwards = Afterwards::close;
  return Reason::bad_request;
}

RequestHandler::Afterwards RequestHandler::get_rid_of_body(Poco::Net::HTTPServerRequestImpl& request) const {
  const auto& framing = head_.framing;
  if (framing.kind == BodyFraming::Kind::none) {
    // A client that forgot the length may have sent a body all the same.
    return request.getMethod() == HTTPRequest::HTTP_POST ? Afterwards::close : Afterwards::next_request;
  }
  // A client that expects 100 Continue may send its body or not.
  const bool skippable =
      framing.kind == BodyFraming::Kind::length && framing.length <= skippable_body && !expects_continue(request);
  return skippable && skip_body(request, framing.length) ? Afterwards::next_request : Afterwards::close;
}

}  // namespace fulfilld

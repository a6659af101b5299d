// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>

#include <optional>
#include <string_view>

#include "actors/admission.hpp"
#include "actors/ports/observer.hpp"
#include "runtime/ingress/answer.hpp"
#include "runtime/ingress/body_framing.hpp"
#include "runtime/ingress/connection_socket.hpp"
#include "runtime/ingress/execute_endpoint.hpp"
#include "runtime/ingress/ingress.hpp"
#include "runtime/ingress/route.hpp"

namespace Poco::Net {
class HTTPServerRequestImpl;
}

namespace fulfilld {

/// What all requests share. Outlives them.
struct RequestContext {
  const IngressOptions& options;
  const Admission& admission;
  const Readiness& readiness;
  ExecuteEndpoint& execute;
  Observer& observer;
};

/// What the head of a request tells: where it goes, how long it is, or why it is refused before its body is read.
struct CheckedHead {
  Route route;
  BodyFraming framing;
  std::string_view idempotency_key;  ///< into the request
  std::optional<Answer> refusal;
};

/// All checks that need no body, cheap ones first.
[[nodiscard]] CheckedHead check_head(const Poco::Net::HTTPRequest& request, const RequestContext& context);

/// Serves one request on the connection's thread.
class RequestHandler final : public Poco::Net::HTTPRequestHandler {
 public:
  RequestHandler(const RequestContext& context, CheckedHead head) : context_(context), head_(std::move(head)) {}

  void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override;

 private:
  /// How the connection goes on after the answer.
  enum class Afterwards { next_request, close };

  [[nodiscard]] Answer answer_or_failure(Poco::Net::HTTPServerRequestImpl& request, ConnectionSocket& socket,
                                         Afterwards& afterwards);
  [[nodiscard]] Answer answer_to(Poco::Net::HTTPServerRequestImpl& request, ConnectionSocket& socket,
                                 Afterwards& afterwards);
  [[nodiscard]] Reason receive_body(Poco::Net::HTTPServerRequestImpl& request, RequestScratch& scratch,
                                    Afterwards& afterwards) const;
  [[nodiscard]] Afterwards get_rid_of_body(Poco::Net::HTTPServerRequestImpl& request) const;

  const RequestContext& context_;
  CheckedHead head_;
};

/// Checks the head before Poco answers `Expect: 100-continue`, so that a refused body is never asked for.
class RequestHandlerFactory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  explicit RequestHandlerFactory(const RequestContext& context) : context_(context) {}

  Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& request) override;

 private:
  const RequestContext& context_;
};

}  // namespace fulfilld

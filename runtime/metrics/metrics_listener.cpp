// SPDX-License-Identifier: Apache-2.0
#include "runtime/metrics/metrics_listener.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>

#include <stdexcept>
#include <utility>

namespace fulfilld {
namespace {

using namespace Poco::Net;

constexpr int most_threads = 2;
constexpr int most_waiting = 64;
constexpr long patience = 5;  // seconds for each wait for a client
constexpr std::streamsize largest_body_passed_over = 1 << 20;

class Handler final : public HTTPRequestHandler {
 public:
  explicit Handler(const std::function<std::string()>& text) : text_(text) {}

  void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
    pass_over_body(request);
    const bool reads = request.getMethod() == HTTPRequest::HTTP_GET || request.getMethod() == HTTPRequest::HTTP_HEAD;
    const auto& target = request.getURI();
    if (target.substr(0, target.find('?')) != "/metrics") return refuse(response, HTTPResponse::HTTP_NOT_FOUND);
    if (!reads) {
      response.set("Allow", "GET, HEAD");
      return refuse(response, HTTPResponse::HTTP_METHOD_NOT_ALLOWED);
    }
    const auto body = text_();
    response.setContentType("text/plain; version=0.0.4; charset=utf-8");
    response.sendBuffer(body.data(), body.size());
  }

 private:
  /// Who is still sending when his connection is closed may lose the answer.
  static void pass_over_body(HTTPServerRequest& request) {
    if (!request.getExpectContinue()) request.stream().ignore(largest_body_passed_over);
  }

  static void refuse(HTTPServerResponse& response, HTTPResponse::HTTPStatus status) {
    response.setStatusAndReason(status);
    response.setContentLength(0);
    response.send();
  }

  const std::function<std::string()>& text_;
};

class HandlerFactory final : public HTTPRequestHandlerFactory {
 public:
  explicit HandlerFactory(std::function<std::string()> text) : text_(std::move(text)) {}

  HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& /*request*/) override { return new Handler(text_); }

 private:
  const std::function<std::string()> text_;
};

/// SO_REUSEPORT stays off: two processes on one port would answer in turn.
ServerSocket listen_on(const SocketAddress& where) {
  ServerSocket socket;
  if (where.family() == SocketAddress::IPv6)
    socket.bind6(where, true, false, false);
  else
    socket.bind(where, true, false);
  socket.listen(most_waiting);
  return socket;
}

HTTPServerParams::Ptr parameters() {
  HTTPServerParams::Ptr parameters(new HTTPServerParams);
  parameters->setMaxThreads(most_threads);
  parameters->setMaxQueued(most_waiting);
  parameters->setTimeout(Poco::Timespan(patience, 0));
  parameters->setKeepAlive(false);
  return parameters;
}

}  // namespace

MetricsListener::MetricsListener(const std::string& address, std::uint16_t port, std::function<std::string()> text)
    : threads_("metrics", 1, most_threads) {
  try {
    server_ = std::make_unique<HTTPServer>(new HandlerFactory(std::move(text)), threads_,
                                           listen_on(SocketAddress(address, port)), parameters());
    server_->start();
  } catch (const Poco::Exception& problem) {
    throw std::runtime_error("Cannot serve metrics on " + address + " port " + std::to_string(port) + ": " +
                             problem.displayText());
  }
}

MetricsListener::~MetricsListener() {
  server_->stopAll(true);
  threads_.joinAll();
}

}  // namespace fulfilld

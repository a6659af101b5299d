// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/simulator.hpp"

#include <boost/asio/ssl/context.hpp>

namespace fulfilld::simulator {
namespace {

std::unique_ptr<asio::ssl::context> tls_context(const Options& options) {
  if (options.tls_certificate.empty()) return nullptr;
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  context->use_certificate_chain_file(options.tls_certificate);
  context->use_private_key_file(options.tls_key, asio::ssl::context::pem);
  return context;
}

Exchange not_found() {
  Exchange exchange;
  exchange.reply = error_reply(404, "not.found", "the simulator plays nothing at this path");
  return exchange;
}

}  // namespace

Simulator::Simulator(const Options& options)
    : record_([this] { changed_.raise(); }),
      faults_(options.seed),
      tokens_(record_, faults_),
      callbacks_(record_, faults_, tokens_),
      backend_(record_, faults_, tokens_),
      control_(record_, faults_, tokens_, callbacks_, backend_, changed_, release_,
               [this](Origin origin, AcceptSettings settings) {
                 (origin == Origin::genesys ? genesys_listener_ : backend_listener_).set_accept(settings);
               }),
      tls_(tls_context(options)),
      genesys_listener_(
          io_, Origin::genesys, options.genesys_port, tls_.get(),
          [this](const Request& request, std::uint64_t connection) { return genesys(request, connection); }, record_,
          release_),
      backend_listener_(
          io_, Origin::backend, options.backend_port, tls_.get(),
          [this](const Request& request, std::uint64_t connection) { return backend(request, connection); }, record_,
          release_),
      control_listener_(
          io_, Origin::control, options.control_port, nullptr,
          [this](const Request& request, std::uint64_t) { return control_.handle(request); }, record_, release_) {}

Simulator::~Simulator() = default;

std::string Simulator::ready_line() const {
  return "ready genesys=" + genesys_listener_.url() + " backend=" + backend_listener_.url() +
         " control=" + control_listener_.url();
}

void Simulator::run() {
  signals_.async_wait([this](const error_code&, int) { io_.stop(); });
  io_.run();
}

asio::awaitable<Exchange> Simulator::genesys(const Request& request, std::uint64_t connection) {
  if (request.path == "/oauth/token") co_return tokens_.handle(request, connection);
  if (request.path.starts_with(FulfillmentEndpoint::path) && request.path.size() > FulfillmentEndpoint::path.size())
    co_return callbacks_.handle(request, connection);
  co_return not_found();
}

asio::awaitable<Exchange> Simulator::backend(const Request& request, std::uint64_t connection) {
  if (request.path == "/backend" || request.path.starts_with("/backend/"))
    co_return backend_.handle(request, connection);
  co_return not_found();
}

}  // namespace fulfilld::simulator

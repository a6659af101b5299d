// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/ingress.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/ThreadPool.h>

#include <chrono>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <utility>

#include "runtime/ingress/connection_watchdog.hpp"
#include "runtime/ingress/door_report.hpp"
#include "runtime/ingress/execute_endpoint.hpp"
#include "runtime/ingress/lingering_connections.hpp"
#include "runtime/ingress/listening_socket.hpp"
#include "runtime/ingress/own_certificate.hpp"
#include "runtime/ingress/request_handler.hpp"

namespace fulfilld {
namespace {

/// A connection has its place before its thread: for a moment the one of its predecessor. Nobody is refused there.
constexpr int spare_threads = 64;
constexpr int thread_stack = 256 * 1024;
constexpr int thread_idle_seconds = 60;

Poco::Timespan timespan(std::chrono::milliseconds time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time).count();
}

Poco::Net::HTTPServerParams::Ptr http_parameters(const ServerSettings& settings) {
  Poco::Net::HTTPServerParams::Ptr parameters(new Poco::Net::HTTPServerParams);
  parameters->setMaxThreads(static_cast<int>(settings.max_connections + ConnectionWatchdog::places_for_probes));
  parameters->setMaxQueued(static_cast<int>(settings.max_connections) + spare_threads);
  parameters->setThreadIdleTime(timespan(std::chrono::milliseconds(100)));  // bounds how long `stop` takes
  parameters->setKeepAlive(true);
  parameters->setMaxKeepAliveRequests(0);
  // Of each single read, and only a second line: the watchdog has the limits that count.
  parameters->setTimeout(timespan(settings.request_timeout + settings.keep_alive));
  return parameters;
}

}  // namespace

class Ingress::Server {
 public:
  Server(IngressOptions options, Journal& journal, Admission& admission, const HostAllowList& allowed_hosts,
         Observer& observer, Readiness readiness)
      : options_(std::move(options)),
        readiness_(std::move(readiness)),
        execute_(journal, admission, allowed_hosts),
        context_{options_, admission, readiness_, execute_, observer},
        certificate_(options_.server, observer),
        report_(observer),
        watchdog_({options_.server.request_timeout, options_.server.keep_alive, options_.server.max_connections},
                  [this] { bell_.ring(); }),
        threads_("ingress", 1, static_cast<int>(options_.server.max_connections) + spare_threads, thread_idle_seconds,
                 thread_stack) {}

  ~Server() { stop(); }

  void start() {
    const auto& settings = options_.server;
    try {
      door_ = new ListeningSocketImpl({watchdog_, lingering_, report_}, certificate_, bell_, options_.waiting,
                                      timespan(settings.request_timeout));
      listener_.emplace(door_, settings.address, settings.port);
      port_ = listener_->address().port();
      server_.emplace(new RequestHandlerFactory(context_), threads_, *listener_, http_parameters(settings));
      server_->start();
    } catch (const Poco::Exception& problem) {
      throw std::runtime_error("Cannot listen on " + settings.address + ":" + std::to_string(settings.port) + ": " +
                               problem.displayText());
    }
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  void stop_accepting() {
    const std::lock_guard lock(stopping_);
    if (!server_ || !accepting_) return;
    accepting_ = false;
    ::shutdown(listener_->impl()->sockfd(), SHUT_RD);  // wakes the accept thread
    server_->stop();
    door_->dismiss();
    listener_->close();
    watchdog_.drain();
  }

  void stop() {
    stop_accepting();
    watchdog_.cut_unfinished_requests();
    threads_.joinAll();
    lingering_.stop();
    report_.end(std::chrono::steady_clock::now());
  }

  [[nodiscard]] std::size_t waiting() const noexcept { return watchdog_.waiting(); }
  void renew_certificate() { certificate_.renew(); }
  void tick(MonotonicTime now) { report_.tick(now); }

 private:
  const IngressOptions options_;
  const Readiness readiness_;
  ExecuteEndpoint execute_;
  const RequestContext context_;
  OwnCertificate certificate_;
  DoorReport report_;
  LingeringConnections lingering_;
  Bell bell_;
  ConnectionWatchdog watchdog_;
  Poco::ThreadPool threads_;
  ListeningSocketImpl* door_ = nullptr;  ///< owned by `listener_`
  std::optional<ListeningSocket> listener_;
  std::optional<Poco::Net::HTTPServer> server_;
  std::mutex stopping_;
  bool accepting_ = true;
  std::uint16_t port_ = 0;
};

Ingress::Ingress(IngressOptions options, Journal& journal, Admission& admission, const HostAllowList& allowed_hosts,
                 Observer& observer, Readiness readiness)
    : server_(std::make_unique<Server>(std::move(options), journal, admission, allowed_hosts, observer,
                                       std::move(readiness))) {}

Ingress::~Ingress() = default;

void Ingress::start() { server_->start(); }
std::size_t Ingress::waiting() const noexcept { return server_->waiting(); }
std::uint16_t Ingress::port() const noexcept { return server_->port(); }
void Ingress::renew_certificate() { server_->renew_certificate(); }
void Ingress::tick(MonotonicTime now) { server_->tick(now); }
void Ingress::stop_accepting() { server_->stop_accepting(); }
void Ingress::stop() { server_->stop(); }

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/egress/faults.hpp"

#include <array>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <utility>

#include "tests/runtime/egress/raw_server.hpp"
#include "tests/runtime/egress/test_exchange.hpp"

namespace fulfilld::testing {
namespace {

using namespace std::chrono_literals;
using End = Conduct::End;
using Target = Fault::Target;

const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n";
const std::string whole = head + R"({"status":"ok","balance":42})";
const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
/// About as much as a test server sends for its handshake and an answer.
constexpr std::uint64_t tls_bytes = 1000;

std::string chunk(std::size_t size) {
  std::array<char, 24> digits{};
  const auto length = static_cast<std::size_t>(std::snprintf(digits.data(), digits.size(), "%zx\r\n", size));
  return std::string(digits.data(), length) + std::string(size, 'x') + "\r\n";
}

/// The same for all connections.
FaultServer::ConductOf always(Conduct conduct) {
  return [conduct = std::move(conduct)](std::uint64_t) { return conduct; };
}

/// `conduct` whose cut moves on by one byte with every connection, over the first `bytes`.
FaultServer::ConductOf at_any_byte(Conduct conduct, std::uint64_t bytes) {
  return [conduct = std::move(conduct), bytes](std::uint64_t connection) {
    Conduct one = conduct;
    one.cut = connection % bytes;
    return one;
  };
}

std::vector<Fault> peers_that_are_slow() {
  const std::set<HttpFailure> timeout{HttpFailure::timeout};
  const std::string interim = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string field = "A: " + std::string(100, 'x') + "\r\n";
  return {
      {"SaysNothing", timeout, always({.cut = 0})},
      {"SaysNothingAfterTheHead", timeout, always({.answer = whole, .cut = head.size()})},
      {"FallsSilentAtAnyByte", timeout, at_any_byte({.answer = whole}, whole.size())},
      {"DripsTheHead", timeout, always({.answer = whole, .pace = 200ms})},
      {"DripsTheBody", timeout, always({.answer = whole, .pace = 200ms, .paced_from = head.size()})},
      {"DripsChunks", timeout,
       always({.answer = chunked, .endless = chunk(1), .endless_size = Conduct::never, .pace = 20ms, .piece = 6})},
      {"AnnouncesMoreThanItSends", timeout, always({.answer = head + "{}"})},
      {"SendsABodyWithoutEnd", timeout, always({.answer = "HTTP/1.0 200 OK\r\n\r\nwhen does it end?"})},
      {"SendsEndlessChunksSlowly", timeout,
       always({.answer = chunked, .endless = chunk(1024), .endless_size = Conduct::never, .pace = 5ms, .piece = 4096})},
      {"SendsEndlessFieldsSlowly", timeout,
       always({.answer = "HTTP/1.1 200 OK\r\n",
               .endless = field,
               .endless_size = Conduct::never,
               .pace = 20ms,
               .piece = field.size()})},
      {"SendsInterimAnswersSlowly", timeout,
       always({.endless = interim, .endless_size = Conduct::never, .pace = 50ms, .piece = interim.size()})},
  };
}

std::vector<Fault> peers_that_are_wrong() {
  const std::set<HttpFailure> none{HttpFailure::none};
  const std::set<HttpFailure> reset{HttpFailure::reset};
  const std::set<HttpFailure> bad_answer{HttpFailure::bad_answer};
  const std::set<HttpFailure> too_large{HttpFailure::too_large};
  const std::string endless = chunk(65536);
  return {
      {"ResetsAtAnyByte", reset, at_any_byte({.answer = whole, .end = End::reset}, whole.size())},
      {"ClosesAtAnyByte", reset, at_any_byte({.answer = whole, .end = End::close}, whole.size())},
      {"ClosesInsideAChunk", reset, always({.answer = chunked + "5\r\nhel", .closes = true})},
      {"AnnouncesMoreThanItSendsAndCloses", reset, always({.answer = head + "{}", .closes = true})},
      {"AnnouncesLessThanItSends", none, always({.answer = whole + whole})},
      {"SpeaksHttp10", none, always({.answer = "HTTP/1.0 200 OK\r\n\r\n{}", .closes = true})},
      {.name = "ClosesWhatIsIdle", .ends = none, .conduct = always({.answer = whole, .closes = true}), .method = "GET"},
      {.name = "ResetsWhatIsUsedAgain",
       .ends = none,
       .conduct = always({.answer = whole, .cut = whole.size(), .end = End::reset}),
       .method = "GET"},
      {"SendsABadChunk", bad_answer, always({.answer = chunked + "no-number\r\nhello"})},
      {"SendsGarbage", bad_answer, always({.answer = "\x01\x02\x03 this is no HTTP\r\n\r\n"})},
      {"SendsAHugeField", bad_answer,
       always({.answer = "HTTP/1.1 200 OK\r\nX: ", .endless = std::string(4096, 'x'), .endless_size = 1 << 20})},
      {"SendsEndlessFields", bad_answer,
       always({.answer = "HTTP/1.1 200 OK\r\n",
               .endless = "A: " + std::string(1000, 'x') + "\r\n",
               .endless_size = Conduct::never})},
      {"SendsEndlessInterimAnswers", bad_answer,
       always({.endless = "HTTP/1.1 100 Continue\r\n\r\n", .endless_size = Conduct::never})},
      {.name = "SendsAnEndlessBody",
       .ends = too_large,
       .conduct = always({.answer = chunked, .endless = endless, .endless_size = Conduct::never}),
       .answer_limit = 100'000},
      {"AnnouncesAHugeBody", too_large, always({.answer = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"})},
  };
}

std::vector<Fault> no_connection() {
  const std::set<HttpFailure> connect{HttpFailure::connect};
  const std::set<HttpFailure> resolve{HttpFailure::resolve};
  const std::set<HttpFailure> tls{HttpFailure::tls};
  return {
      {.name = "RefusesConnections", .ends = connect, .target = Target::closed_port},
      {.name = "NeverTakesConnections", .ends = connect, .target = Target::full_queue, .takes_all_time = true},
      {.name = "NamesThatHang", .ends = resolve, .target = Target::hanging_names, .takes_all_time = true},
      {.name = "NamesThatFail", .ends = resolve, .target = Target::names_that_fail},
      {.name = "TlsSaysNothing",
       .ends = tls,
       .conduct = always({.cut = 0}),
       .target = Target::tls_server,
       .takes_all_time = true},
      {.name = "TlsDrips",
       .ends = tls,
       .conduct = always({.answer = whole, .pace = 200ms}),
       .target = Target::tls_server,
       .takes_all_time = true},
      {.name = "TlsStopsInTheMiddle",
       .ends = tls,
       .conduct = always({.answer = whole, .cut = 300}),
       .target = Target::tls_server,
       .takes_all_time = true},
      {.name = "TlsFromAServerWithout",
       .ends = tls,
       .conduct = always({.answer = "HTTP/1.1 400 Bad Request\r\n\r\n", .unasked = true}),
       .target = Target::no_tls_server},
      // A whole handshake takes a millisecond to compute, half of it here.
      {.name = "TlsResetsAtAnyByte",
       .ends = {HttpFailure::tls, HttpFailure::reset},
       .conduct = at_any_byte({.answer = whole, .end = End::reset}, tls_bytes),
       .target = Target::tls_server,
       .at_a_time = 25},
      {.name = "TlsFallsSilentAtAnyByte",
       .ends = {HttpFailure::tls, HttpFailure::timeout},
       .conduct = at_any_byte({.answer = whole}, tls_bytes),
       .target = Target::tls_server,
       .takes_all_time = true,
       .at_a_time = 25},
      {.name = "TlsSaysNothingAfterTheHandshake",
       .ends = {HttpFailure::timeout, HttpFailure::tls},
       .conduct = always({}),
       .target = Target::tls_server,
       .takes_all_time = true,
       .at_a_time = 25},
  };
}

std::uint16_t port_that_is_closed() {
  return RawServer([](Peer&) {}).port();
}

}  // namespace

/// A resolver that says no, or hangs until it is released. Threads that hang in it may outlive the target.
class FaultyTarget::Names {
 public:
  explicit Names(bool hang) : released_(!hang) {}

  Resolution look_up() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return released_; });
    return {{}, "no such host"};
  }

  void release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool released_;
};

const std::vector<Fault>& all_faults() {
  static const std::vector<Fault> faults = [] {
    auto all = no_connection();
    for (auto& fault : peers_that_are_slow()) {
      fault.takes_all_time = true;
      all.push_back(std::move(fault));
    }
    for (auto& fault : peers_that_are_wrong()) all.push_back(std::move(fault));
    return all;
  }();
  return faults;
}

FaultyTarget::FaultyTarget(const Fault& fault) : fault_(fault) {
  switch (fault.target) {
    case Target::tls_server:
      authority_ = std::make_unique<TestAuthority>();
      tls_ = authority_->server("IP:127.0.0.1");
      [[fallthrough]];
    case Target::server:
    case Target::no_tls_server:
      server_ = std::make_unique<FaultServer>(fault.conduct, tls_.get());
      url_ = server_->url(fault.target == Target::server ? "http" : "https");
      break;
    case Target::closed_port:
      url_ = make_url("http", "127.0.0.1", port_that_is_closed(), "/");
      break;
    case Target::full_queue:
      full_queue_ = std::make_unique<FullQueue>();
      url_ = make_url("http", "127.0.0.1", full_queue_->port(), "/");
      break;
    case Target::hanging_names:
    case Target::names_that_fail:
      names_ = std::make_shared<Names>(fault.target == Target::hanging_names);
      break;
  }
}

FaultyTarget::~FaultyTarget() {
  if (names_) names_->release();
}

EgressSettings FaultyTarget::settings() const {
  EgressSettings settings;
  if (authority_) settings.ca_file = authority_->file();
  if (names_) settings.look_up = [names = names_](const std::string&) { return names->look_up(); };
  return settings;
}

void FaultyTarget::prepare(std::size_t number, HttpRequest& request) const {
  static const auto body = std::make_shared<const std::string>(R"({"customer":4711})");
  request.method = fault_.method;
  request.idle_limit = 100ms;  // so that a test sees the end of what is kept
  request.body = fault_.method == "POST" ? body : nullptr;
  request.answer_limit = fault_.answer_limit;
  // A name of its own each time: the worst for whoever keeps something for each name.
  request.url = names_ ? make_url("http", "n" + std::to_string(number) + ".test", 80, "/") : url_;
}

bool FaultyTarget::wait_until_all_are_gone() const { return !server_ || server_->wait_until_all_are_gone(); }

}  // namespace fulfilld::testing

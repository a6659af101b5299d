// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/asio_http_engine.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <mutex>
#include <utility>
#include <vector>

#include "runtime/egress/attempt.hpp"
#include "runtime/egress/connection_pool.hpp"

namespace fulfilld {
namespace {

constexpr std::chrono::milliseconds longest_time_limit = std::chrono::hours{24};

}  // namespace

/// Takes attempts from any thread to the loop, with one wake-up for all that came since the last.
class AsioHttpEngine::Inbox : public std::enable_shared_from_this<AsioHttpEngine::Inbox> {
 public:
  Inbox(IoLoop& loop, EgressSettings settings) : context_(loop.context()), pool_(loop.context(), std::move(settings)) {}

  void put(std::shared_ptr<HttpExchange> exchange) {
    const MonotonicTime now = std::chrono::steady_clock::now();
    const auto limit = std::min(exchange->request.time_limit, longest_time_limit);
    {
      const std::lock_guard lock(mutex_);
      const bool wake = submitted_.empty();
      submitted_.push_back(Attempt{std::move(exchange), now, now + limit});
      if (!wake) return;
    }
    boost::asio::post(context_, [self = shared_from_this()] { self->drain(); });
  }

  /// Loop thread.
  void drain() {
    std::vector<Attempt> batch = std::move(batch_);
    {
      const std::lock_guard lock(mutex_);
      std::swap(batch, submitted_);
    }
    for (Attempt& attempt : batch) pool_.start(std::move(attempt));
    batch.clear();
    batch_ = std::move(batch);
  }

  /// Loop thread.
  void stop() {
    pool_.stop();
    drain();
  }

 private:
  boost::asio::io_context& context_;
  std::mutex mutex_;
  std::vector<Attempt> submitted_;
  std::vector<Attempt> batch_;  ///< loop thread only: kept for its storage
  ConnectionPool pool_;         ///< loop thread only
};

AsioHttpEngine::AsioHttpEngine(IoLoop& loop, EgressSettings settings)
    : loop_(loop), inbox_(std::make_shared<Inbox>(loop, std::move(settings))) {}

AsioHttpEngine::~AsioHttpEngine() {
  loop_.run_and_wait([this] {
    inbox_->stop();
    inbox_.reset();  // here, as the loop may be about to look at its timer
  });
}

void AsioHttpEngine::start(std::shared_ptr<HttpExchange> exchange) { inbox_->put(std::move(exchange)); }

void AsioHttpEngine::stop() {
  loop_.run_and_wait([this] { inbox_->stop(); });
}

}  // namespace fulfilld

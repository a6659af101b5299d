// SPDX-License-Identifier: Apache-2.0
#include "pool.hpp"

#include <algorithm>
#include <fulfill/error.hpp>
#include <utility>

#include "duration_setting.hpp"

namespace postgresql {

Pool::Limits::Limits(const fulfill::Settings& settings)
    : connections(static_cast<std::size_t>(settings.integer("pool", 1, 100, 8))),
      connect(duration_setting(settings, "connect_timeout", "1ms", "5m", "5s")),
      idle(duration_setting(settings, "idle_timeout", "1ms", "1d", "5m")) {}

Pool::Lease Pool::take(const std::string& password, const Patience& patience, Time until) {
  std::vector<std::unique_ptr<Connection>> discarded;  // closed after the lock is gone
  {
    std::unique_lock lock(mutex_);
    const auto is_free = [this] { return !idle_.empty() || open_ < limits_.connections; };
    if (!changed_.wait_until(lock, patience.stop(), until, is_free)) {
      if (patience.stop().stop_requested()) throw Stopped();
      throw fulfill::Failed("queue_full",
                            "all " + std::to_string(limits_.connections) + " connections of the pool were in use");
    }
    if (auto connection = take_idle(discarded)) return {*this, std::move(connection), /*was_pooled=*/true};
    ++open_;
  }
  discarded.clear();
  return {*this, connect(password, patience, until), /*was_pooled=*/false};
}

/// Those that have waited too long, or are not well, are discarded on the way.
std::unique_ptr<Connection> Pool::take_idle(std::vector<std::unique_ptr<Connection>>& discarded) {
  const auto now = std::chrono::steady_clock::now();
  const auto fresh =
      std::find_if(idle_.begin(), idle_.end(), [&](const Idle& idle) { return now - idle.since < limits_.idle; });
  for (auto stale = idle_.begin(); stale != fresh; ++stale) discarded.push_back(std::move(stale->connection));
  idle_.erase(idle_.begin(), fresh);
  std::unique_ptr<Connection> found;
  while (!found && !idle_.empty()) {
    auto& connection = idle_.back().connection;
    if (connection->is_idle())
      found = std::move(connection);
    else
      discarded.push_back(std::move(connection));
    idle_.pop_back();
  }
  open_ -= discarded.size();
  if (!discarded.empty()) changed_.notify_all();
  return found;
}

std::unique_ptr<Connection> Pool::connect(const std::string& password, const Patience& patience, Time until) {
  const Time own_end = std::chrono::steady_clock::now() + limits_.connect;
  try {
    return std::make_unique<Connection>(target_, password, patience, std::min(until, own_end));
  } catch (const TimeIsUp&) {
    forget_one();
    if (own_end >= until) throw;
    throw fulfill::BackendBusy("backend_unreachable",
                               "there was no connection to " + target_.place() + " within connect_timeout");
  } catch (const ServerError& error) {
    forget_one();
    const std::string message = error.what();
    // PgBouncer takes only those that it knows. `options` is left where it holds more than we can set ourselves.
    const bool has_options = message == "unsupported startup parameter: options";
    throw ServerError(error.state(), message + at_ + (has_options ? "; use the setting \"set\" instead" : ""));
  } catch (const ConnectionBroken& broken) {
    forget_one();
    throw ConnectionBroken(broken.what() + at_, broken.state());
  } catch (...) {
    forget_one();
    throw;
  }
}

void Pool::take_back(std::unique_ptr<Connection> connection) noexcept {
  if (!connection->is_idle()) {
    connection.reset();
    return forget_one();
  }
  {
    const std::lock_guard lock(mutex_);
    idle_.push_back({std::move(connection), std::chrono::steady_clock::now()});
  }
  changed_.notify_one();
}

void Pool::forget_one() noexcept {
  {
    const std::lock_guard lock(mutex_);
    --open_;
  }
  changed_.notify_one();
}

void Pool::close_idle() {
  std::vector<Idle> closed;
  {
    const std::lock_guard lock(mutex_);
    closed.swap(idle_);
    open_ -= closed.size();
  }
  changed_.notify_all();
}

std::size_t Pool::open() const {
  const std::lock_guard lock(mutex_);
  return open_;
}

}  // namespace postgresql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "runtime/ingress/descriptor.hpp"

namespace fulfilld {

/// How long and how much is read on for a client that may not have seen its last answer.
struct LingeringLimits {
  std::chrono::milliseconds total{30000};   ///< as nginx: lingering_time
  std::chrono::milliseconds silence{5000};  ///< as nginx: lingering_timeout
  std::size_t bytes = std::size_t{64} << 20;
  std::size_t connections = 512;  ///< at once; one more ends the one that is there for the longest
};

/// Connections that have had their last answer, or get no other than a short one, and whose clients may still be
/// sending: to close at once would reset them, and many clients and all proxies then lose the answer. What they send is
/// read and thrown away until they close, within limits. One thread for all, asleep while there is none.
class LingeringConnections {
 public:
  explicit LingeringConnections(const LingeringLimits& limits = {});
  LingeringConnections(const LingeringConnections&) = delete;
  LingeringConnections& operator=(const LingeringConnections&) = delete;
  ~LingeringConnections();

  /// The answer has been sent and our side of the connection is shut down. Any thread.
  void linger(Descriptor connection);

  /// Sends `answer` as soon as the first bytes of a request have come, shuts our side down and lingers. Any thread.
  void turn_away(Descriptor connection, std::string answer);

  /// Closes all. What comes from now on is closed at once.
  void stop();

  [[nodiscard]] std::size_t size() const;

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct One {
    Descriptor connection;
    std::string answer;  ///< to be sent yet
    Time since;
    Time heard;  ///< the last time that something came
    std::size_t bytes = 0;
  };
  using All = std::list<One>;

  void add(Descriptor connection, std::string answer);
  void run();
  void serve(int descriptor);
  /// False if it is over.
  [[nodiscard]] bool read_on(One& one);
  void end_overdue(Time now);
  All::iterator end(All::iterator one);

  const LingeringLimits limits_;
  const Descriptor poll_;
  const Descriptor wake_;
  std::vector<char> waste_;
  mutable std::mutex mutex_;
  All all_;  ///< oldest first
  std::unordered_map<int, All::iterator> by_descriptor_;
  bool stopping_ = false;
  std::thread thread_;  ///< last: it uses all of the above
};

/// Sends what is possible of `bytes` without waiting, and shuts our side down.
void send_last_words(int connection, std::string_view bytes) noexcept;

}  // namespace fulfilld

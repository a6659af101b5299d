// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/chaos/chaos_run.hpp"
#include "tests/chaos/persistent_connection.hpp"

namespace fulfilld::chaos {

/// An execution that a client has sent.
struct Sent {
  std::string id;
  std::string action;
  bool accepted = false;  ///< a 202 came; else it is open whether the service has it
};

/// Clients that send executions without a pause, each on a thread and a connection of its own. A client repeats what
/// was refused; of what got no answer it repeats one half and forgets the other; and now and then it sends again what
/// was accepted.
class Load {
 public:
  /// Ids begin with `prefix`; results go to `fulfillments` + id. The actions take turns by chance.
  Load(std::string prefix, std::string fulfillments, std::vector<std::string> actions, int clients = 6);
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;
  ~Load() { stop(); }

  /// Where the service listens now.
  void aim(std::uint16_t port);

  /// Ends the clients, each after the answer that it is waiting for. All that follows is for afterwards.
  void stop();

  /// True once so many executions have been accepted; false if it is not so within `limit`. While clients run.
  [[nodiscard]] bool wait_for_accepted(std::size_t count, std::chrono::milliseconds limit = integration::patience);

  /// True once so many more requests than now were answered 503; false if it is not so within `limit`.
  [[nodiscard]] bool wait_for_unavailable(std::size_t more, std::chrono::milliseconds limit = integration::patience);

  [[nodiscard]] std::size_t accepted() const { return accepted_; }
  [[nodiscard]] std::size_t unavailable() const { return unavailable_; }

  [[nodiscard]] const std::vector<Sent>& sent() const noexcept { return sent_; }

  /// Answers that must never be, each a sentence.
  [[nodiscard]] const std::vector<std::string>& complaints() const noexcept { return complaints_; }

 private:
  class Client;

  /// A moment for the service to come back, or for the load to end.
  void pause();
  void count(std::atomic<std::size_t>& counter);
  [[nodiscard]] bool wait(const std::atomic<std::size_t>& counter, std::size_t goal, std::chrono::milliseconds limit);

  const std::string prefix_;
  const std::string fulfillments_;
  const std::vector<std::string> actions_;

  std::atomic<std::uint16_t> port_{0};
  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> accepted_{0};
  std::atomic<std::size_t> unavailable_{0};
  std::mutex mutex_;
  std::condition_variable aimed_;
  std::condition_variable counted_;
  std::vector<Sent> sent_;
  std::vector<std::string> complaints_;
  std::vector<std::thread> threads_;
};

/// The body of POST /execute that these clients send. The backend gets its id as `{"id":"..."}`.
[[nodiscard]] std::string execute_body(const std::string& fulfillments, const std::string& id);

}  // namespace fulfilld::chaos

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>
#include <utility>

namespace fulfilld {

/// The one I/O thread of the process: backend calls, callbacks and alarms run on it. Starts in the constructor,
/// ends in the destructor. Outlives everything that uses it, and everything that uses it stops before it does.
/// An exception that reaches the loop ends the process: nothing that runs here may throw.
class IoLoop {
 public:
  IoLoop();
  ~IoLoop();
  IoLoop(const IoLoop&) = delete;
  IoLoop& operator=(const IoLoop&) = delete;

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }
  [[nodiscard]] bool is_this_thread() const noexcept { return std::this_thread::get_id() == thread_.get_id(); }

  /// Lets the thread end after what it is doing right now, and waits for it. Not from the loop's own thread.
  void stop();

  /// Runs `function` on the loop's thread and returns when it has run. Any thread.
  template <typename Function>
  void run_and_wait(Function&& function) {
    if (is_this_thread() || !thread_.joinable()) {
      std::forward<Function>(function)();
      return;
    }
    std::promise<void> done;
    boost::asio::post(context_, [&] {
      function();
      done.set_value();
    });
    done.get_future().wait();
  }

 private:
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/io_loop.hpp"

#include <pthread.h>

#include <csignal>

namespace fulfilld {
namespace {

/// Blocks all signals for the threads that are started while it lives: signals belong to the main thread.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

IoLoop::IoLoop() : work_(boost::asio::make_work_guard(context_)) {
  const SignalsBlocked blocked;
  thread_ = std::thread([this]() noexcept {
    pthread_setname_np(pthread_self(), "fulfilld-io");
    context_.run();
  });
}

IoLoop::~IoLoop() { stop(); }

void IoLoop::stop() {
  work_.reset();
  context_.stop();
  if (thread_.joinable()) thread_.join();
}

}  // namespace fulfilld

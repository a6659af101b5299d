// SPDX-License-Identifier: Apache-2.0
// Does to its process what `do` in its input says; else it completes. With "work" in front it does so where it may
// block.
#include <unistd.h>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

namespace {

// Not a loop, whatever the optimiser thinks.
[[gnu::noinline]] int recurse(int depth) {
  volatile int large[1024] = {};
  large[depth % 1024] = depth;
  return depth < 0 ? 0 : recurse(depth + 1) + large[0];
}

[[gnu::noinline]] int fault() {
  volatile int* volatile nowhere = nullptr;
  return *nowhere;
}

void terminate() noexcept {
  [] { throw 42; }();
}

void do_it(std::string_view wish) {
  if (wish == "abort") std::abort();
  if (wish == "exit") std::_Exit(0);
  if (wish == "exit_properly") std::exit(0);
  if (wish == "fault") static_cast<void>(fault());
  if (wish == "overflow") static_cast<void>(recurse(1));
  if (wish == "terminate") terminate();
  if (wish == "segfault") {
    std::signal(SIGSEGV, SIG_DFL);
    std::raise(SIGSEGV);
  }
  if (wish == "pause") std::this_thread::sleep_for(std::chrono::seconds(5));
  // Holds the thread that it runs on.
  while (wish == "block") pause();
  for (volatile bool ever = wish == "loop"; ever;) continue;
}

class Dangerous final : public fulfill::Adapter {
  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const std::string wish = input.json().value("do", "complete");
    do_it(wish);
    const auto work = [what = wish.substr(wish.find(' ') + 1)] { do_it(what); };
    if (wish.starts_with("work ")) co_await context.blocking(work).operation(fulfill::Operation::safe);
    co_return fulfill::Json{{"did", wish}};
  }
};

}  // namespace

FULFILL_ADAPTER(Dangerous, "dangerous", "1.0.0")

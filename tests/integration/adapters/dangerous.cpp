// SPDX-License-Identifier: Apache-2.0
// Does to its process what `do` in its input says; else it completes.
#include <unistd.h>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>

#include <csignal>
#include <cstdlib>
#include <string>

namespace {

class Dangerous final : public fulfill::Adapter {
  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context&) const override {
    const auto wish = input.json().value("do", "complete");
    if (wish == "abort") std::abort();
    if (wish == "exit") std::_Exit(0);
    if (wish == "segfault") {
      std::signal(SIGSEGV, SIG_DFL);
      std::raise(SIGSEGV);
    }
    // Holds the thread that it runs on.
    while (wish == "block") pause();
    co_return fulfill::Json{{"did", wish}};
  }
};

}  // namespace

FULFILL_ADAPTER(Dangerous, "dangerous", "1.0.0")

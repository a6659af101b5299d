// SPDX-License-Identifier: Apache-2.0
// Reports `{"step":1}`, `{"step":2}` and so on: `steps` of them, `every_ms` apart; then it completes.
#include <chrono>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>

namespace {

class Reporting final : public fulfill::Adapter {
  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const auto wish = input.json();
    const int steps = wish.at("steps");
    const std::chrono::milliseconds apart(wish.at("every_ms").get<int>());
    for (int step = 1; step <= steps; ++step) {
      context.progress(fulfill::Json{{"step", step}});
      co_await context.sleep(apart);
    }
    co_return fulfill::Json{{"steps", steps}};
  }
};

}  // namespace

FULFILL_ADAPTER(Reporting, "reporting", "1.0.0")

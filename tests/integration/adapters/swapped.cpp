// SPDX-License-Identifier: Apache-2.0
// Completes after `after_ms` with the number of its build.
#include <chrono>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>

namespace {

class Swapped final : public fulfill::Adapter {
 public:
  explicit Swapped(const fulfill::Settings& settings) { (void)settings.flag("known_to_build_1", FULFILLD_BUILD == 1); }

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    co_await context.sleep(std::chrono::milliseconds(input.json().value("after_ms", 0)));
    co_return fulfill::Json{{"build", FULFILLD_BUILD}};
  }
};

}  // namespace

#define FULFILLD_TEXT(number) #number
#define FULFILLD_VERSION_OF(number) FULFILLD_TEXT(number) ".0.0"
FULFILL_ADAPTER(Swapped, "swapped", FULFILLD_VERSION_OF(FULFILLD_BUILD))

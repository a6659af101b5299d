// SPDX-License-Identifier: Apache-2.0
// Does blocking work that may be done as often as its setting `operation` says, and then makes a safe call.
#include <fulfill/adapter.hpp>
#include <string>

namespace {

class Working final : public fulfill::Adapter {
 public:
  explicit Working(const fulfill::Settings& settings)
      : url_(settings.url("url")), operation_(settings.operation("operation", fulfill::Operation::unsafe)) {
    (void)settings.has_secret("token");
  }

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input, fulfill::Context& context) const override {
    const auto work = [] {};
    co_await context.blocking(work).operation(operation_);
    co_return fulfill::Result::pass_on(co_await context.http(fulfill::get(url_)));
  }

 private:
  std::string url_;
  fulfill::Operation operation_;
};

}  // namespace

FULFILL_ADAPTER(Working, "working", "1.0.0")

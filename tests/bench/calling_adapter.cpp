// SPDX-License-Identifier: Apache-2.0
// Makes a hundred calls, one after the other: what plugin_edge_bench measures.
#include <fulfill/adapter.hpp>
#include <string>

namespace {

class Calling final : public fulfill::Adapter {
 public:
  explicit Calling(const fulfill::Settings& settings) : url_(settings.url("url")) {}

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    std::size_t bytes = 0;
    for (int i = 0; i < 100; ++i) {
      const auto answer =
          co_await context.http(fulfill::post(url_).json(input).header("Accept", "application/json").idempotent());
      bytes += answer.body().size();
    }
    co_return fulfill::Result::raw(std::to_string(bytes));
  }

 private:
  std::string url_;
};

}  // namespace

FULFILL_ADAPTER(Calling, "calling", "1.0.0")

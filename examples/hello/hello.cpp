// SPDX-License-Identifier: Apache-2.0
// The smallest adapter: greets whom the input names, and calls nobody.
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <string>

namespace {

class Hello final : public fulfill::Adapter {
 public:
  explicit Hello(const fulfill::Settings& settings) : greeting_(settings.text("greeting", "Hello")) {}

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context&) const override {
    co_return fulfill::Json{{"text", greeting_ + ", " + input.string("name") + "!"}};
  }

 private:
  std::string greeting_;
};

}  // namespace

FULFILL_ADAPTER(Hello, "hello", "1.0.0")

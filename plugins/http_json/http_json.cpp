// SPDX-License-Identifier: Apache-2.0
// Hands the input to one HTTP endpoint that takes and gives JSON, and passes its answer on.
#include <fulfill/adapter.hpp>
#include <string>
#include <utility>

namespace {

class HttpJson final : public fulfill::Adapter {
 public:
  explicit HttpJson(const fulfill::Settings& settings)
      : url_(settings.url("url")),
        method_(settings.choice("method", {"POST", "PUT", "PATCH"}, "POST")),
        operation_(settings.operation("operation", fulfill::Operation::idempotent)),
        has_token_(settings.has_secret("token")) {}

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    fulfill::Request request(method_, url_);
    request.json(input).header("Accept", "application/json").operation(operation_);
    if (has_token_) request.bearer(context.secret("token"));
    try {
      co_return fulfill::Result::pass_on(co_await context.http(std::move(request)));
    } catch (const fulfill::Failed& failed) {
      throw fulfill::Failed(failed.code(), fulfill::Request(method_, url_).name() + ": " + failed.message());
    }
  }

 private:
  std::string url_;
  std::string method_;
  fulfill::Operation operation_;
  bool has_token_;
};

}  // namespace

FULFILL_ADAPTER(HttpJson, "http_json", "1.0.0")

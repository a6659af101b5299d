// SPDX-License-Identifier: Apache-2.0
// Sends one GraphQL operation that the settings hold: variables from templates, the result by JSON Pointers.
#include <chrono>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "../mapping/answer_picker.hpp"
#include "../mapping/header_templates.hpp"
#include "../mapping/json_answer.hpp"
#include "../mapping/reference.hpp"
#include "../mapping/section.hpp"
#include "../mapping/url_template.hpp"
#include "../mapping/values.hpp"
#include "graphql_answer.hpp"
#include "graphql_request.hpp"

namespace {

using graphql::Data;
using mapping::Section;
using mapping::Sources;

class Graphql final : public fulfill::Adapter {
 public:
  explicit Graphql(const fulfill::Settings& settings) : Graphql(Section(settings), Sources(settings)) {}

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const auto secret = [&context](std::string_view name) { return context.secret(name); };
    mapping::Values values(input.json(), secret, input.execution_id());
    fulfill::Response answer = co_await call(request(values), context);
    Data data = co_await read(std::move(answer), context);
    if (!data.missing().empty())
      context.log(fulfill::LogLevel::warning, "part of the data is missing: " + data.missing());
    if (result_.takes_all()) co_return data.value();
    values.add_answer("", std::move(data.value()));
    co_return result_.pick(values);
  }

 private:
  Graphql(const Section& section, const Sources& sources)
      : url_(section, sources),
        headers_(section, sources),
        timeout_(section.duration("timeout")),
        request_(section, sources),
        answer_(section),
        result_(section, sources) {}

  fulfill::Request request(const mapping::Values& values) const {
    fulfill::Request request = fulfill::post(url_.render(values));
    headers_.add_to(request, values);
    if (!headers_.has("Accept")) request.header("Accept", "application/graphql-response+json, application/json;q=0.9");
    if (!headers_.has("Content-Type")) request.header("Content-Type", "application/json");
    request.body(request_.body(values)).operation(request_.operation()).timeout(timeout_);
    return request;
  }

  fulfill::Task<fulfill::Response> call(fulfill::Request request, fulfill::Context& context) const {
    try {
      co_return co_await context.http(std::move(request));
    } catch (const fulfill::HttpError& error) {
      answer_.fail(error);
    }
  }

  fulfill::Task<Data> read(fulfill::Response answer, fulfill::Context& context) const {
    if (answer.body().size() < mapping::kLargeAnswer) co_return answer_.data(answer);
    const auto large = std::make_shared<const fulfill::Response>(std::move(answer));
    auto work = [this, large] { return answer_.data(*large); };  // the adapter outlives the work
    co_return co_await context.blocking(work).safe();
  }

  mapping::UrlTemplate url_;
  mapping::HeaderTemplates headers_;
  std::chrono::milliseconds timeout_;
  graphql::GraphqlRequest request_;
  graphql::AnswerReader answer_;
  mapping::AnswerPicker result_;
};

}  // namespace

FULFILL_ADAPTER(Graphql, "graphql", "1.0.0")

// SPDX-License-Identifier: Apache-2.0
// Sends one GraphQL operation that the settings hold: variables from templates, the result by JSON Pointers.
#include <chrono>
#include <fulfill/adapter.hpp>
#include <fulfill/document.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "../mapping/answer_picker.hpp"
#include "../mapping/header_templates.hpp"
#include "../mapping/read_answer.hpp"
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

class GraphqlAdapter final : public fulfill::Adapter {
 public:
  explicit GraphqlAdapter(const fulfill::Settings& settings) : GraphqlAdapter(Section(settings), Sources(settings)) {}

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const auto secret = [&context](std::string_view name) { return context.secret(name); };
    mapping::Values values(input.document(), secret, input.execution_id());
    fulfill::Response answer = co_await call(request(values), values, context);
    const bool done_unsafe = answer.is_done_unsafe();
    const auto read = [this](const fulfill::Response& whole) { return answer_.data(whole); };
    Data data = co_await mapping::read_answer(std::move(answer), read, where(values), context);
    if (!data.missing().empty())
      context.log(fulfill::LogLevel::warning, "part of the data is missing: " + data.missing());
    if (result_.takes_all()) co_return data.value();
    values.add_answer("", std::move(data.value()), done_unsafe);
    co_return picked(values);
  }

 private:
  GraphqlAdapter(const Section& section, const Sources& sources)
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

  std::string where(const mapping::Values& values) const { return "POST " + url_.name(values); }

  fulfill::Task<fulfill::Response> call(fulfill::Request request, const mapping::Values& values,
                                        fulfill::Context& context) const {
    try {
      co_return co_await context.http(std::move(request));
    } catch (const fulfill::HttpError& error) {
      const fulfill::Failed failure = answer_.failure(error);
      const std::string& message = failure.message().empty() ? error.message() : failure.message();
      throw fulfill::Failed(failure.code(), where(values) + ": " + message);
    }
  }

  [[nodiscard]] fulfill::Document picked(const mapping::Values& values) const {
    try {
      return result_.pick(values);
    } catch (const mapping::BadValue& bad) {
      const fulfill::Failed failed = values.judged(bad);
      throw fulfill::Failed(failed.code(), (bad.answer() ? where(values) + ": " : "") + failed.message());
    }
  }

  mapping::UrlTemplate url_;
  mapping::HeaderTemplates headers_;
  std::chrono::milliseconds timeout_;
  graphql::GraphqlRequest request_;
  graphql::AnswerReader answer_;
  mapping::AnswerPicker result_;
};

}  // namespace

FULFILL_ADAPTER(GraphqlAdapter, "graphql", "1.0.0")

// SPDX-License-Identifier: Apache-2.0
// Calls a REST interface that the settings describe: requests from templates, the result by JSON Pointers.
#include <cstddef>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../mapping/answer_picker.hpp"
#include "../mapping/json_answer.hpp"
#include "../mapping/reference.hpp"
#include "../mapping/section.hpp"
#include "../mapping/values.hpp"
#include "step.hpp"

namespace {

using fulfill::Json;
using fulfill::Task;
using mapping::Section;
using rest::Step;

constexpr std::size_t kMostSteps = 10;

/// The steps of `[[settings.steps]]`, or the one that stands right in the settings. Adds them to `sources`.
std::vector<Step> steps_of(const fulfill::Settings& settings, mapping::Sources& sources) {
  std::vector<Step> steps;
  const std::size_t count = settings.count("steps");
  if (count == 0) {
    steps.emplace_back(Section(settings), sources);
  } else if (count > kMostSteps) {
    throw fulfill::SettingError("there are " + std::to_string(count) + " steps; at most 10 are allowed");
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Section section(settings, "steps." + std::to_string(i) + ".");
    steps.emplace_back(section, sources);
    if (!steps.back().name().empty()) sources.add_answer(section.full("name"), steps.back().name());
  }
  return steps;
}

class Rest final : public fulfill::Adapter {
 public:
  explicit Rest(const fulfill::Settings& settings) : Rest(settings, mapping::Sources(settings)) {}

  Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const auto secret = [&context](std::string_view name) { return context.secret(name); };
    mapping::Values values(input.json(), secret, input.execution_id());
    for (const Step& step : steps_) {
      if (!step.is_wanted(values)) {
        values.add_answer(step.name(), nullptr);
        continue;
      }
      fulfill::Response answer = co_await call(step, step.request(input, values), context);
      if (&step == &steps_.back() && result_.takes_all() && step.is_value(answer))
        co_return fulfill::Result::pass_on(answer);
      values.add_answer(step.name(), co_await read(step, std::move(answer), context));
    }
    if (result_.takes_all()) co_return *values.find(last_answer_);
    co_return result_.pick(values);
  }

 private:
  Rest(const fulfill::Settings& settings, mapping::Sources sources)
      : steps_(steps_of(settings, sources)),
        result_(Section(settings), sources),
        last_answer_(mapping::Reference::Source::answer, {}, mapping::Pointer(), {}) {}

  static Task<fulfill::Response> call(const Step& step, fulfill::Request request, fulfill::Context& context) {
    try {
      co_return co_await context.http(std::move(request));
    } catch (const fulfill::HttpError& error) {
      co_return step.accepted(error);
    }
  }

  static Task<Json> read(const Step& step, fulfill::Response answer, fulfill::Context& context) {
    if (answer.body().size() < mapping::kLargeAnswer) co_return step.value(answer);
    const auto large = std::make_shared<const fulfill::Response>(std::move(answer));
    auto work = [&step, large] { return step.value(*large); };  // the adapter outlives the work
    co_return co_await context.blocking(work).safe();
  }

  std::vector<Step> steps_;
  mapping::AnswerPicker result_;
  mapping::Reference last_answer_;
};

}  // namespace

FULFILL_ADAPTER(Rest, "rest", "1.0.0")

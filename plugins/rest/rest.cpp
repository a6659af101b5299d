// SPDX-License-Identifier: Apache-2.0
// Calls a REST interface that the settings describe: requests from templates, the result by JSON Pointers.
#include <algorithm>
#include <cstddef>
#include <fulfill/adapter.hpp>
#include <fulfill/document.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../mapping/answer_picker.hpp"
#include "../mapping/read_answer.hpp"
#include "../mapping/reference.hpp"
#include "../mapping/section.hpp"
#include "../mapping/values.hpp"
#include "step.hpp"

namespace {

using fulfill::Document;
using fulfill::Task;
using mapping::Section;
using rest::Step;

constexpr std::size_t kMostSteps = 10;

/// The steps of `[[settings.steps]]`, or the one that stands right in the settings. Adds them to `sources`.
std::vector<Step> steps_of(const fulfill::Settings& settings, mapping::Sources& sources) {
  std::vector<Step> steps;
  const std::size_t count = settings.count("steps");
  if (count == 0) {
    steps.emplace_back(Section(settings), sources, 0);
  } else if (count > kMostSteps) {
    throw fulfill::SettingError("there are " + std::to_string(count) + " steps; at most 10 are allowed");
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Section section(settings, "steps." + std::to_string(i) + ".");
    steps.emplace_back(section, sources, i + 1);
    if (!steps.back().name().empty()) sources.add_answer(section.full("name"), steps.back().name());
  }
  return steps;
}

class Rest final : public fulfill::Adapter {
 public:
  explicit Rest(const fulfill::Settings& settings) : Rest(settings, mapping::Sources(settings)) {}

  Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const auto secret = [&context](std::string_view name) { return context.secret(name); };
    mapping::Values values(input.document(), secret, input.execution_id());
    for (const Step& step : steps_) {
      if (!step.is_wanted(values)) {
        values.add_answer(step.name(), Document(), false);
        continue;
      }
      fulfill::Request made = request(step, input, values);
      try {
        fulfill::Response answer = co_await call(step, std::move(made), values, context);
        if (&step == &steps_.back() && result_.takes_all() && step.is_value(answer))
          co_return passed_on(step, answer, values);
        const bool done_unsafe = answer.is_done_unsafe();
        const auto read = [&step](const fulfill::Response& whole) { return step.value(whole); };
        Document value = co_await mapping::read_answer(std::move(answer), read, step.where(values), context);
        values.add_answer(step.name(), std::move(value), done_unsafe);
      } catch (const fulfill::Failed& failed) {
        // The host's lines tell of calls, not of steps.
        if (steps_.size() > 1) context.log(fulfill::LogLevel::info, failed.code() + " in " + step.where(values));
        throw;
      }
    }
    if (result_.takes_all()) co_return *values.find(last_answer_);
    co_return picked(values);
  }

 private:
  Rest(const fulfill::Settings& settings, mapping::Sources sources)
      : steps_(steps_of(settings, sources)),
        result_(Section(settings), sources),
        last_answer_(mapping::Reference::Source::answer, {}, mapping::Pointer(), {}) {}

  static Task<fulfill::Response> call(const Step& step, fulfill::Request request, const mapping::Values& values,
                                      fulfill::Context& context) {
    try {
      co_return co_await context.http(std::move(request));
    } catch (const fulfill::HttpError& error) {
      if (step.accepts(error)) co_return error.response();
      const std::string where = step.where(values);
      fulfill::Failed failure = step.failure(error);
      if (failure.message().empty()) throw fulfill::Failed(failure.code(), where + ": " + error.message());
      // What the backend says for people is left alone; the log tells what it was about.
      context.log(fulfill::LogLevel::info, where + ": " + error.message());
      throw failure;
    }
  }

  static fulfill::Result passed_on(const Step& step, const fulfill::Response& answer, const mapping::Values& values) {
    try {
      return fulfill::Result::pass_on(answer);
    } catch (const fulfill::Failed& failed) {
      throw fulfill::Failed(failed.code(), step.where(values) + ": " + failed.message());
    }
  }

  [[nodiscard]] fulfill::Request request(const Step& step, const fulfill::Input& input,
                                         const mapping::Values& values) const {
    try {
      return step.request(input, values);
    } catch (const mapping::BadValue& bad) {
      throw blamed(bad, values);
    }
  }

  [[nodiscard]] Document picked(const mapping::Values& values) const {
    try {
      return result_.pick(values);
    } catch (const mapping::BadValue& bad) {
      throw blamed(bad, values);
    }
  }

  /// With the step whose answer it was.
  [[nodiscard]] fulfill::Failed blamed(const mapping::BadValue& bad, const mapping::Values& values) const {
    const fulfill::Failed failed = values.judged(bad);
    if (!bad.answer()) return failed;
    const auto has_name = [&](const Step& step) { return step.name() == *bad.answer(); };
    const auto named = std::find_if(steps_.begin(), steps_.end(), has_name);
    const Step& step = bad.answer()->empty() || named == steps_.end() ? steps_.back() : *named;
    return {failed.code(), step.where(values) + ": " + failed.message()};
  }

  std::vector<Step> steps_;
  mapping::AnswerPicker result_;
  mapping::Reference last_answer_;
};

}  // namespace

FULFILL_ADAPTER(Rest, "rest", "1.0.0")

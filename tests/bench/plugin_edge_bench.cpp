// SPDX-License-Identifier: Apache-2.0
// What the edge between host and plugin costs a call: the same hundred calls once by a plugin (C ABI, coroutine, checks
// of what it asks for), once by code of the host that hands its calls over directly. The difference of the two is the
// edge.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <utility>

#include "runtime/plugin_host/plugin_host.hpp"
#include "runtime/url/parse_url.hpp"
#include "tests/bench/idle_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

constexpr int kCalls = 100;
constexpr const char* kUrl = "http://127.0.0.1:8080/orders";

/// The calls of calling_adapter.cpp, without an edge.
class DirectRun final : public AdapterRun {
 public:
  DirectRun(AdapterHost& host, ExecutionPtr execution, const Url& url)
      : host_(host), execution_(std::move(execution)), url_(url) {}

  void start() override { call(); }
  void http_done(OperationId, const HttpAnswer& answer) override {
    bytes_ += answer.body.size();
    if (++calls_ < kCalls) return call();
    host_.complete(std::to_string(bytes_));
  }
  void done(OperationId) override {}

 private:
  void call() {
    AdapterCall call;
    call.request.method = "POST";
    call.request.url = url_;
    call.request.header_lines = "Content-Type: application/json\r\nAccept: application/json\r\nIdempotency-Key: ";
    call.request.header_lines.append(execution_->id).append(":").append(std::to_string(calls_)).append("\r\n");
    call.request.body = {execution_, &execution_->data};
    host_.http(std::move(call));
  }

  AdapterHost& host_;
  ExecutionPtr execution_;
  const Url& url_;
  std::size_t bytes_ = 0;
  int calls_ = 0;
};

std::string json_of(std::size_t size) { return "{\"a\":\"" + std::string(size, 'x') + "\"}"; }

HttpAnswer answer_with(const std::string& json) {
  auto answer = testing::answer(200, json);
  answer.fields = {{"Content-Type", "application/json"}, {"Content-Length", "100"}, {"Date", "a date in some format"}};
  return answer;
}

void carry_out(AdapterRun& run, IdleHost& host, const HttpAnswer& answer) {
  run.start();
  for (int i = 0; i < kCalls; ++i) run.http_done(host.latest(), answer);
}

/// The range is the size of input and answer.
void a_call_by_a_plugin(benchmark::State& state) {
  PluginHost plugins({FULFILLD_TEST_CALLING_ADAPTER}, {});
  plugins.load();
  ActionSettings settings;
  settings.adapter = "calling";
  settings.settings = {{"url", kUrl}};
  const auto made = plugins.make_adapter("default", settings);
  if (made.adapter == nullptr) return state.SkipWithError(made.problem.c_str());
  const auto execution = testing::execution(json_of(static_cast<std::size_t>(state.range(0))));
  const auto answer = answer_with(execution->data);
  IdleHost host;
  for (auto _ : state) carry_out(*made.adapter->make_run(host, execution, {}), host, answer);
  state.SetItemsProcessed(state.iterations() * kCalls);
}
BENCHMARK(a_call_by_a_plugin)->Arg(100)->Arg(1024)->Arg(10240);

void a_direct_call(benchmark::State& state) {
  const auto url = parse_url(kUrl);
  const auto execution = testing::execution(json_of(static_cast<std::size_t>(state.range(0))));
  const auto answer = answer_with(execution->data);
  IdleHost host;
  for (auto _ : state) {
    DirectRun run(host, execution, *url.url);
    carry_out(run, host, answer);
  }
  state.SetItemsProcessed(state.iterations() * kCalls);
}
BENCHMARK(a_direct_call)->Arg(100)->Arg(1024)->Arg(10240);

}  // namespace
}  // namespace fulfilld

BENCHMARK_MAIN();

// SPDX-License-Identifier: Apache-2.0
// What one execution costs between the port and the adapter's coroutine and back: http_json, one call, its answer.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

/// Takes everything and keeps nothing.
class IdleHost final : public AdapterHost {
 public:
  OperationId http(AdapterCall call) override {
    benchmark::DoNotOptimize(call);
    return 1;
  }
  OperationId sleep(std::chrono::milliseconds) override { return 1; }
  OperationId blocking(std::unique_ptr<BlockingWork>, OperationClass) override { return 1; }
  void progress(std::string_view) override {}
  void log(LogLevel, std::string_view) override {}
  void complete(std::string json) override { benchmark::DoNotOptimize(json); }
  void fail(Reason, std::string, std::string) override {}
};

/// The range is the size of input and answer.
void one_execution_through_http_json(benchmark::State& state) {
  PluginHost plugins({FULFILLD_TEST_HTTP_JSON}, {});
  plugins.load();
  ActionSettings settings;
  settings.settings = {{"url", "http://127.0.0.1:8080/orders"}};
  settings.secrets.emplace("token", Secret("a-token-of-some-length"));
  const auto made = plugins.make_adapter("default", settings);
  if (made.adapter == nullptr) return state.SkipWithError(made.problem.c_str());
  const std::string json = "{\"a\":\"" + std::string(static_cast<std::size_t>(state.range(0)), 'x') + "\"}";
  const auto execution = testing::execution(json);
  auto answer = testing::answer(200, json);
  answer.fields = {{"Content-Type", "application/json"}, {"Content-Length", "100"}, {"Date", "a date in some format"}};
  IdleHost host;
  for (auto _ : state) {
    const auto run = made.adapter->make_run(host, execution, {});
    run->start();
    run->http_done(1, answer);
  }
}
BENCHMARK(one_execution_through_http_json)->Arg(100)->Arg(1024)->Arg(10240);

}  // namespace
}  // namespace fulfilld

BENCHMARK_MAIN();

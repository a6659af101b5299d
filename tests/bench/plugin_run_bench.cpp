// SPDX-License-Identifier: Apache-2.0
// What one execution costs between the port and the adapter's coroutine and back: http_json, one call, its answer.
#include <benchmark/benchmark.h>

#include <string>
#include <utility>

#include "runtime/plugin_host/plugin_host.hpp"
#include "tests/bench/idle_host.hpp"
#include "tests/runtime/plugin_host/scripted_host.hpp"

namespace fulfilld {
namespace {

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
    run->http_done(host.latest(), answer);
  }
}
BENCHMARK(one_execution_through_http_json)->Arg(100)->Arg(1024)->Arg(10240);

}  // namespace
}  // namespace fulfilld

BENCHMARK_MAIN();

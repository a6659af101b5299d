// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/loaded_adapter.hpp"

#include <fulfill/detail/json_scanner.hpp>
#include <utility>

#include "runtime/adapter_tool/exit_status.hpp"
#include "runtime/plugin_host/plugin_adapter.hpp"

namespace fulfilld {
namespace {

LoadedAdapter without(LoadedAdapter loaded, std::string problem, int status) {
  while (problem.ends_with('\n')) problem.pop_back();
  loaded.problem = std::move(problem);
  loaded.status = status;
  return loaded;
}

}  // namespace

LoadedAdapter load_adapter(const AdapterOrder& order) {
  using namespace adapter_tool_status;
  LoadedAdapter loaded;
  if (order.answers) {
    auto file = read_answers(*order.answers);
    if (!file.problem.empty()) return without(std::move(loaded), std::move(file.problem), usage);
    loaded.answers = std::move(file.answers);
    loaded.data = file.data.value_or("");
  } else {
    loaded.answers = CannedAnswers({{"*", {{200, {{"Content-Type", "application/json"}}, "{}"}}}});
  }
  if (order.data) loaded.data = *order.data;
  if (loaded.data.empty()) loaded.data = "{}";
  if (fulfill::detail::json_problem(loaded.data) != fulfill::detail::JsonProblem::none)
    return without(std::move(loaded), "--data is not JSON", usage);

  auto [plugin, problem] = load_plugin(order.file);
  if (plugin == nullptr)
    return without(std::move(loaded), order.file.string() + " " + problem, adapter_tool_status::failed);
  loaded.plugin = std::move(plugin);
  loaded.setup = set_up_action({.adapter = loaded.plugin->name(),
                                .config = order.config,
                                .action = order.action,
                                .made_up_secrets = order.made_up_secrets});
  if (auto mistake = loaded.setup.problem; !mistake.empty())
    return without(std::move(loaded), std::move(mistake), usage);
  auto made = make_plugin_adapter(loaded.plugin, loaded.setup.action, loaded.setup.settings());
  if (made.adapter == nullptr) return without(std::move(loaded), std::move(made.problem), adapter_tool_status::failed);
  loaded.adapter = std::move(made.adapter);
  return loaded;
}

}  // namespace fulfilld

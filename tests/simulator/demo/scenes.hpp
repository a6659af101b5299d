// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/integration/simulator_client.hpp"

namespace fulfilld::demo {

/// One request that the demo sends, and what must come of it.
struct Scene {
  std::string execution;  ///< id
  std::string plot;       ///< what happens, in a few words
  std::string body;       ///< of POST /execute
  int answer = 202;       ///< status that fulfilld answers with
  std::string ending;     ///< `complete`, or the reason of the failure; empty where nothing is accepted
};

/// The six of them.
[[nodiscard]] std::vector<Scene> scenes(const integration::SimulatorClient& simulator);

}  // namespace fulfilld::demo

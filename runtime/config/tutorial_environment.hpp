// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config/environment.hpp"
#include "runtime/config/node.hpp"

namespace fulfilld {

/// Lays the tutorial's variables into the tree that a file left: PORT replaces `server.port`; GENESYS_* fill the
/// credential `genesys`, and EXTERNAL_API_* the action `default` as long as its adapter is http_json, key by key and
/// only where the file says nothing. Without a file they alone make a complete configuration.
void add_tutorial_environment(Node& root, const Environment& environment);

}  // namespace fulfilld

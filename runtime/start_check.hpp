// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/config/load_config.hpp"

namespace fulfilld {

/// Adds what would be found wrong only by starting, without starting anything: it asks the adapters as the start does
/// (their libraries are loaded, and their own code looks at their settings), reads the file of authorities, and looks
/// whether the journal has a place. Touches no network and writes nothing. Mistakes that are known already are not told
/// again. Blocks on the disk.
void check_as_the_start_does(LoadedConfig& loaded);

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace fulfill {

/// Stands between `Input`, `Response` and the JSON library, so that the core of the SDK needs none. <fulfill/json.hpp>
/// specialises it for `void`, the only argument that it is ever used with.
template <typename Library>
class JsonReader {
  static_assert(sizeof(Library*) == 0, "this needs #include <fulfill/json.hpp>");
};

}  // namespace fulfill

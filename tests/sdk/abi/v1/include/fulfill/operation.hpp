// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <fulfill/abi.h>

namespace fulfill {

/// How often a call, or blocking work, may be carried out. `safe`: it changes nothing; `idempotent`: repeating it
/// changes nothing more; `unsafe`: it must not be repeated once it may have been carried out. `by_method`: GET, HEAD,
/// OPTIONS are safe; PUT, DELETE idempotent; all others, and blocking work, unsafe.
enum class Operation : std::uint32_t {
  by_method = FULFILL_OPERATION_BY_METHOD,
  safe = FULFILL_OPERATION_SAFE,
  idempotent = FULFILL_OPERATION_IDEMPOTENT,
  unsafe = FULFILL_OPERATION_UNSAFE,
};

}  // namespace fulfill

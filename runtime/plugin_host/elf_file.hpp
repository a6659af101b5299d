// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace fulfilld {

/// What a file's bytes say of a symbol.
struct ElfSymbol {
  std::string problem;               ///< why this is no complete shared library for this machine, a predicate
  std::span<const std::byte> bytes;  ///< the symbol's initial value; empty: it is not exported
};

/// Looks an exported data symbol up in the bytes of a shared library (ELF, System V gABI chapter 4) without running
/// any of its code: loading a library runs its constructors, and loading a truncated one kills the process (SIGBUS).
[[nodiscard]] ElfSymbol find_exported(std::span<const std::byte> file, std::string_view symbol);

}  // namespace fulfilld

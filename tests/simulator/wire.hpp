// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "tests/simulator/fault.hpp"
#include "tests/simulator/message.hpp"

namespace fulfilld::simulator {

/// An answer as the bytes that go out.
struct WireImage {
  static constexpr std::size_t no_cut = static_cast<std::size_t>(-1);

  int status = 0;
  std::string bytes;
  std::size_t head = 0;      ///< so many of `bytes` are the header section
  std::size_t cut = no_cut;  ///< the fault's cut is made before this byte
  std::string endless;       ///< follows `bytes`, again and again; empty: nothing
  bool keep_alive = true;    ///< the connection serves another request afterwards
};

/// What goes out for `reply` under `fault` (which may be a default one: no fault). Pure.
[[nodiscard]] WireImage render(Reply reply, const Fault& fault, bool keep_alive, bool head_request);

}  // namespace fulfilld::simulator

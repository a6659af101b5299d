// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fulfilld::simulator {

/// The three parts that the simulator plays.
enum class Side : std::uint8_t { token, callback, backend };

/// The listening sockets: one origin for the platform (token and callback), one for the backend, one for tests.
enum class Origin : std::uint8_t { genesys, backend, control };

inline constexpr std::array<Side, 3> all_sides{Side::token, Side::callback, Side::backend};
inline constexpr std::array<Origin, 3> all_origins{Origin::genesys, Origin::backend, Origin::control};

[[nodiscard]] constexpr std::string_view name(Side side) noexcept {
  constexpr std::array<std::string_view, 3> names{"token", "callback", "backend"};
  return names[static_cast<std::size_t>(side)];
}

[[nodiscard]] constexpr std::string_view name(Origin origin) noexcept {
  constexpr std::array<std::string_view, 3> names{"genesys", "backend", "control"};
  return names[static_cast<std::size_t>(origin)];
}

}  // namespace fulfilld::simulator

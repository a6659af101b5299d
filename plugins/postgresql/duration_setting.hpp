// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <fulfill/settings.hpp>
#include <string_view>

namespace postgresql {

/// An optional setting such as "250ms", "5s", "2m" or "1h": a whole number and its unit, as everywhere in
/// fulfilld.toml. SettingError if it is anything else, or not from `least` to `most`.
[[nodiscard]] std::chrono::milliseconds duration_setting(const fulfill::Settings& settings, std::string_view name,
                                                         std::string_view least, std::string_view most,
                                                         std::string_view otherwise);

}  // namespace postgresql

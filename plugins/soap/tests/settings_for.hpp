// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/error.hpp>
#include <fulfill/settings.hpp>
#include <string>
#include <utility>

namespace soap {

inline fulfill::Settings settings_for(fulfill::Settings::Values values, fulfill::Settings::Names secrets = {}) {
  return fulfill::Settings("test", std::move(values), std::move(secrets));
}

/// The sentence with which the function refuses its settings.
template <typename Function>
std::string refusal_of(Function function) {
  try {
    function();
    return "it was taken";
  } catch (const fulfill::SettingError& error) {
    return error.what();
  }
}

}  // namespace soap

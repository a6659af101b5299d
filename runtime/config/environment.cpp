// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/environment.hpp"

#include <cstdlib>

namespace fulfilld {

EnvironmentLookup process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

std::optional<Environment::Variable> Environment::find(const std::string& name) const {
  if (auto text = lookup_ ? lookup_(name) : std::nullopt; text && !text->empty())
    return Variable{std::move(*text), {"environment " + name}};
  const auto found = dotenv_.variables.find(name);
  if (found == dotenv_.variables.end() || found->second.text.empty()) return std::nullopt;
  return Variable{found->second.text, {".env", found->second.line}};
}

}  // namespace fulfilld

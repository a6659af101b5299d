// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "runtime/config/dotenv.hpp"

namespace fulfilld {

/// Looks up one variable; nothing if it is not set.
using EnvironmentLookup = std::function<std::optional<std::string>(const std::string& name)>;

/// The variables of this process.
[[nodiscard]] EnvironmentLookup process_environment();

/// The real environment over a `.env` file. An empty variable counts as not set.
class Environment {
 public:
  struct Variable {
    std::string text;
    Place place;  ///< "environment NAME", or the line of the `.env` file
  };

  Environment(EnvironmentLookup lookup, Dotenv dotenv) : lookup_(std::move(lookup)), dotenv_(std::move(dotenv)) {}

  [[nodiscard]] std::optional<Variable> find(const std::string& name) const;

 private:
  EnvironmentLookup lookup_;
  Dotenv dotenv_;
};

}  // namespace fulfilld

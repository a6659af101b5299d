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

  /// `read_dotenv` gives the file's variables as they are when it is called.
  Environment(EnvironmentLookup lookup, Dotenv dotenv, std::function<Dotenv()> read_dotenv)
      : lookup_(std::move(lookup)), dotenv_(std::move(dotenv)), read_dotenv_(std::move(read_dotenv)) {}

  [[nodiscard]] std::optional<Variable> find(const std::string& name) const;

  /// The same with the `.env` file as it is now. Any thread, as far as the lookup can be used on any.
  [[nodiscard]] Environment read_anew() const { return {lookup_, read_dotenv_(), read_dotenv_}; }

 private:
  EnvironmentLookup lookup_;
  Dotenv dotenv_;
  std::function<Dotenv()> read_dotenv_;
};

}  // namespace fulfilld

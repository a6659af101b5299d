// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/config/place.hpp"

namespace fulfilld {

/// The variables of a `.env` file; of a name that comes twice, the last.
struct Dotenv {
  struct Value {
    std::string text;
    std::uint32_t line = 0;
  };
  std::map<std::string, Value> variables;
  std::vector<Problem> problems;  ///< lines that are no assignment; their text is not repeated, it may be a secret
};

/// Reads the syntax of the `dotenv` package: `NAME=value`, `export NAME=value`, comments, values in single quotes or
/// backticks (literal) or double quotes (`\n`, `\r`, `\"` and `\\` expand); a quoted value may span lines. An unquoted
/// value ends at ` #`. Nothing is interpolated.
[[nodiscard]] Dotenv parse_dotenv(std::string_view text, const std::string& name);

}  // namespace fulfilld

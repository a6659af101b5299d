// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <fulfill/document.hpp>
#include <fulfill/input.hpp>
#include <fulfill/settings.hpp>
#include <optional>
#include <string>
#include <vector>

#include "../mapping/pointer.hpp"
#include "connection.hpp"

namespace postgresql {

/// Where the value of one placeholder comes from, and what it has to be.
class Parameter {
 public:
  /// Reads `parameters.INDEX`. Throws SettingError.
  Parameter(const fulfill::Settings& settings, std::size_t index);

  /// Its text for the server, which gives it the type that the statement asks for there; nothing is NULL.
  /// Failed("bad_input"), which names the pointer.
  [[nodiscard]] std::optional<std::string> value(const fulfill::Input& input) const;

 private:
  [[nodiscard]] std::string text_of(const fulfill::Document& value) const;
  [[nodiscard]] std::string checked_default(const std::string& text, const std::string& setting) const;

  std::string source_;                       ///< as it was written
  std::optional<mapping::Pointer> pointer_;  ///< nothing: the execution's id
  std::string type_;
  bool optional_ = false;
  std::optional<std::string> default_;
};

/// The values for `$1`, `$2`, ... of a statement: the array `parameters`, in its order. Immutable.
class Parameters {
 public:
  /// Throws SettingError.
  explicit Parameters(const fulfill::Settings& settings);

  [[nodiscard]] std::size_t count() const noexcept { return parameters_.size(); }
  /// Failed("bad_input") for the first that does not fit.
  [[nodiscard]] Values values(const fulfill::Input& input) const;

 private:
  std::vector<Parameter> parameters_;
};

}  // namespace postgresql

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <fulfill/json_reader.hpp>

namespace fulfill {

/// What an execution was asked for. Cheap to copy: views into the host's memory, which lasts as long as the
/// execution's coroutine. Do not keep it, or a view from it, in the adapter object.
class Input {
 public:
  Input(std::string_view data, std::string_view action, std::string_view execution_id) noexcept
      : data_(data), action_(action), execution_id_(execution_id) {}

  /// The JSON value of `data`, byte for byte as it was received; valid JSON.
  [[nodiscard]] std::string_view data() const noexcept { return data_; }
  /// Name of the action that runs.
  [[nodiscard]] std::string_view action() const noexcept { return action_; }
  /// Unique; for logs and as a key in the backend.
  [[nodiscard]] std::string_view execution_id() const noexcept { return execution_id_; }

  /// The parsed value, whose numbers are what was received; lasts as long as this Input. Parsed on the first call.
  [[nodiscard]] const Document& document() const {
    if (!document_) {
      auto parsed = Document::parse(data_);
      if (!parsed) throw Failed("bad_input", "the input " + detail::predicate(detail::json_problem(data_)));
      document_ = std::make_shared<const Document>(std::move(*parsed));
    }
    return *document_;
  }

  /// The parsed value, a `const fulfill::Json&` that lasts as long as this Input. Parsed on the first call. Its numbers
  /// are 64-bit integers and doubles: what fits neither is rounded, and beyond the largest double it is
  /// `Failed("bad_input", ...)`. `document()` keeps the digits.
  template <typename Library = void>
  [[nodiscard]] decltype(auto) json() const {
    return JsonReader<Library>::input(data_, parsed_);
  }

  /// A field of the input, which must be an object. Missing or of another type: `Failed("bad_input", ...)`, which
  /// names the field.
  template <typename Library = void>
  [[nodiscard]] std::string string(std::string_view field) const {
    return JsonReader<Library>::template field<std::string>(json<Library>(), field);
  }
  template <typename Library = void>
  [[nodiscard]] std::int64_t integer(std::string_view field) const {
    return JsonReader<Library>::template field<std::int64_t>(json<Library>(), field);
  }
  template <typename Library = void>
  [[nodiscard]] double number(std::string_view field) const {
    return JsonReader<Library>::template field<double>(json<Library>(), field);
  }
  template <typename Library = void>
  [[nodiscard]] bool boolean(std::string_view field) const {
    return JsonReader<Library>::template field<bool>(json<Library>(), field);
  }

 private:
  std::string_view data_;
  std::string_view action_;
  std::string_view execution_id_;
  mutable std::shared_ptr<const void> parsed_;
  mutable std::shared_ptr<const Document> document_;
};

}  // namespace fulfill

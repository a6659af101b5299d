// SPDX-License-Identifier: Apache-2.0
// Optional: JSON by nlohmann/json (Debian: nlohmann-json3-dev). Everything else in the SDK does without it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>

#include <fulfill/error.hpp>
#include <fulfill/json_reader.hpp>

namespace fulfill {

using Json = nlohmann::json;

/// What `Input::json`, its typed getters and `Response::json` do once this header is included.
template <>
class JsonReader<void> {
 public:
  JsonReader() = delete;

  static const Json& input(std::string_view text, std::shared_ptr<const void>& parsed) {
    if (!parsed) parsed = std::make_shared<const Json>(Json::parse(text));
    return *static_cast<const Json*>(parsed.get());
  }

  static Json answer(std::string_view text) {
    if (is_too_deep(text)) throw Failed("backend_bad_answer", "the backend's answer is nested deeper than 256 levels");
    Json value = Json::parse(text, nullptr, false);
    if (value.is_discarded()) throw Failed("backend_bad_answer", "the backend's answer is not JSON");
    return value;
  }

  template <typename T>
  static T field(const Json& object, std::string_view name) {
    if (!object.is_object()) throw Failed("bad_input", "the input is not an object");
    const auto found = object.find(std::string(name));
    if (found == object.end()) throw Failed("bad_input", "the input has no field " + detail::quoted(name));
    if (!fits<T>(*found))
      throw Failed("bad_input", "field " + detail::quoted(name) + " of the input must be " + type_name<T>() + ", not " +
                                    found->type_name());
    return found->template get<T>();
  }

 private:
  /// To print, copy or compare a value takes stack for each level: a backend must not decide how much.
  static bool is_too_deep(std::string_view text) noexcept {
    constexpr int kDeepest = 256;
    int depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (quoted) {
        if (c == '\\') ++i;
        if (c == '"') quoted = false;
      } else if (c == '"') {
        quoted = true;
      } else if (c == '[' || c == '{') {
        if (++depth > kDeepest) return true;
      } else if (c == ']' || c == '}') {
        --depth;
      }
    }
    return false;
  }

  template <typename T>
  static bool fits(const Json& value) {
    if constexpr (std::is_same_v<T, std::string>) return value.is_string();
    if constexpr (std::is_same_v<T, bool>) return value.is_boolean();
    if constexpr (std::is_same_v<T, double>) return value.is_number();
    if constexpr (std::is_same_v<T, std::int64_t>)
      return value.is_number_integer() &&
             (!value.is_number_unsigned() || value.get<std::uint64_t>() <= std::uint64_t{INT64_MAX});
  }

  template <typename T>
  static const char* type_name() {
    if constexpr (std::is_same_v<T, std::string>) return "a string";
    if constexpr (std::is_same_v<T, bool>) return "a boolean";
    if constexpr (std::is_same_v<T, double>) return "a number";
    if constexpr (std::is_same_v<T, std::int64_t>) return "a whole number";
  }
};

}  // namespace fulfill

// SPDX-License-Identifier: Apache-2.0
// Optional: JSON by nlohmann/json (Debian: nlohmann-json3-dev). Everything else in the SDK does without it.
#pragma once

#include <charconv>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>
#include <vector>

#include <fulfill/detail/json_scanner.hpp>
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
    if (!parsed) parsed = std::make_shared<const Json>(read(text, "bad_input", "the input "));
    return *static_cast<const Json*>(parsed.get());
  }

  static Json answer(std::string_view text) { return read(text, "backend_bad_answer", "the backend's answer "); }

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
  /// Puts together what a scanner finds.
  class Builder {
   public:
    void null() { add(nullptr); }
    void boolean(bool value) { add(value); }
    void number(std::string_view text) { add(value_of(text)); }
    void text(std::string_view inside, bool escaped) { add(text_of(inside, escaped)); }
    void key(std::string_view inside, bool escaped) { member_ = &(*open_.back())[text_of(inside, escaped)]; }
    void begin_array() { open_.push_back(add(Json::array())); }
    void end_array() { open_.pop_back(); }
    void begin_object() { open_.push_back(add(Json::object())); }
    void end_object() { open_.pop_back(); }

    Json take() { return std::move(root_); }
    /// The first number that is beyond the largest double; empty if there is none.
    [[nodiscard]] const std::string& too_large() const noexcept { return too_large_; }

   private:
    static std::string text_of(std::string_view inside, bool escaped) {
      return escaped ? detail::unescaped(inside) : std::string(inside);
    }

    template <typename Integer>
    static bool fits_in(std::string_view text, Integer& value) {
      const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      return error == std::errc() && stop == text.data() + text.size();
    }
    Json value_of(std::string_view text) {
      std::uint64_t natural = 0;
      std::int64_t integer = 0;
      if (fits_in(text, natural)) return natural;
      if (fits_in(text, integer)) return integer;
      if (const auto real = detail::nearest_double(text)) return *real;
      if (too_large_.empty()) too_large_ = text.substr(0, 40);
      return nullptr;
    }

    Json* add(Json value) {
      if (open_.empty()) {
        root_ = std::move(value);
        return &root_;
      }
      Json& in = *open_.back();
      if (in.is_object()) {
        *member_ = std::move(value);
        return member_;
      }
      in.push_back(std::move(value));
      return &in.back();
    }

    Json root_;
    std::vector<Json*> open_;
    Json* member_ = nullptr;
    std::string too_large_;
  };

  static Json read(std::string_view text, const char* code, const std::string& what) {
    Builder builder;
    const auto problem = detail::JsonScanner<Builder>(text, builder).scan();
    if (problem != detail::JsonProblem::none) throw Failed(code, what + detail::predicate(problem));
    if (!builder.too_large().empty())
      throw Failed(code, what + "has a number that is beyond the largest double: " + builder.too_large());
    return builder.take();
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

// SPDX-License-Identifier: Apache-2.0
// A JSON value whose numbers are the digits that somebody sent. Wants no JSON library.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <variant>
#include <vector>

#include <fulfill/detail/json_scanner.hpp>

namespace fulfill {

/// A JSON value that changes nothing: a number is kept as its text until somebody asks for its value, so that `1.10`
/// stays `1.10`, and a serial number of 20 digits, an amount of 18, or 1e400 go through; members keep their order. What
/// `Input::document` and `Response::document` give; `co_return` it, or send it by `Request::json`. (`fulfill::Json`
/// converts numbers to 64-bit integers and doubles when it reads them.) A value type; any thread, one at a time.
class Document {
 public:
  class Member;
  using Elements = std::vector<Document>;
  using Members = std::vector<Member>;
  enum class Kind { null, boolean, number, text, array, object };

  Document() = default;  ///< null
  explicit Document(std::same_as<bool> auto value) : value_(std::in_place_type<bool>, value) {}
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) explicit Document(Integer value)
      : value_(std::in_place_type<Digits>, std::to_string(value)) {}
  /// A text, in UTF-8.
  explicit Document(std::string text);
  explicit Document(std::string_view text);
  explicit Document(const char* text);
  explicit Document(Elements elements);
  explicit Document(Members members);

  /// A number, as it is to be written: `1.10`. Throws std::invalid_argument if it is none of JSON (RFC 8259, 6).
  [[nodiscard]] static Document number(std::string_view text);
  [[nodiscard]] static Document array();
  [[nodiscard]] static Document object();

  /// Reads JSON; nothing if it is none, or nested deeper than 256 levels. A lone surrogate in it becomes U+FFFD, a byte
  /// order mark before it is passed over, and of members of one name the last one counts.
  [[nodiscard]] static std::optional<Document> parse(std::string_view json);

  [[nodiscard]] Kind kind() const noexcept { return static_cast<Kind>(value_.index()); }
  [[nodiscard]] bool is_null() const noexcept { return kind() == Kind::null; }
  [[nodiscard]] bool is_boolean() const noexcept { return kind() == Kind::boolean; }
  [[nodiscard]] bool is_number() const noexcept { return kind() == Kind::number; }
  [[nodiscard]] bool is_text() const noexcept { return kind() == Kind::text; }
  [[nodiscard]] bool is_array() const noexcept { return kind() == Kind::array; }
  [[nodiscard]] bool is_object() const noexcept { return kind() == Kind::object; }

  /// What it is; std::bad_variant_access if it is of another kind.
  [[nodiscard]] bool boolean() const { return std::get<bool>(value_); }
  [[nodiscard]] const std::string& text() const { return std::get<std::string>(value_); }
  [[nodiscard]] const Elements& elements() const { return std::get<Elements>(value_); }
  [[nodiscard]] const Members& members() const;

  /// A number as it was written; std::bad_variant_access if it is none.
  [[nodiscard]] const std::string& digits() const { return std::get<Digits>(value_).text; }
  /// The value of a number: of a whole one of 64 bits, in whatever form (`12`, `12.0`, `1.2e1`); nothing of all else.
  [[nodiscard]] std::optional<std::int64_t> integer() const {
    if (!is_number()) return std::nullopt;
    const std::string whole = detail::whole_number(digits());
    std::int64_t value = 0;
    const char* const end = whole.data() + whole.size();
    const auto [stop, error] = std::from_chars(whole.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
  }
  /// The nearest double; nothing if it is beyond the largest, or no number.
  [[nodiscard]] std::optional<double> real() const {
    return is_number() ? detail::nearest_double(digits()) : std::nullopt;
  }

  /// The member of an object; null if it has none of that name, or is no object. A look at each member.
  [[nodiscard]] const Document* find(std::string_view name) const noexcept;
  [[nodiscard]] Document* find(std::string_view name) noexcept {
    return const_cast<Document*>(std::as_const(*this).find(name));  // a part of this one
  }
  /// The element of an array; null if there is none, or it is no array.
  [[nodiscard]] const Document* find(std::size_t index) const noexcept {
    const auto* elements = std::get_if<Elements>(&value_);
    return elements == nullptr || index >= elements->size() ? nullptr : &(*elements)[index];
  }

  /// Adds an element to an array; std::bad_variant_access if it is none.
  void push_back(Document element);
  /// Adds a member to an object, behind the others; of members of one name the last one counts. std::bad_variant_access
  /// if it is none.
  void add(std::string name, Document value);

  /// JSON, without blanks. A text in it that is not UTF-8 is written as it is.
  [[nodiscard]] std::string dump() const {
    std::string json;
    append_to(json);
    return json;
  }

  /// The same kind and the same text: 1.0 is not 1.
  friend bool operator==(const Document& a, const Document& b) noexcept;

 private:
  class Builder;
  struct Digits {  // another type than a text
    explicit Digits(std::string digits) : text(std::move(digits)) {}
    bool operator==(const Digits&) const = default;
    std::string text;
  };

  void append_to(std::string& json) const;

  std::variant<std::monostate, bool, Digits, std::string, Elements, Members> value_;  // in the order of Kind
};

/// A member of an object.
class Document::Member {
 public:
  Member(std::string name, Document value) : name_(std::move(name)), value_(std::move(value)) {}
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const Document& value() const noexcept { return value_; }
  [[nodiscard]] Document& value() noexcept { return value_; }
  friend bool operator==(const Member& a, const Member& b) noexcept {
    return a.name_ == b.name_ && a.value_ == b.value_;
  }

 private:
  std::string name_;
  Document value_;
};

// Below what makes a Document complete: clang++ wants to see how one is destroyed.
inline Document::Document(std::string text) : value_(std::in_place_type<std::string>, std::move(text)) {}
inline Document::Document(std::string_view text) : Document(std::string(text)) {}
inline Document::Document(const char* text) : Document(std::string(text)) {}
inline Document::Document(Elements elements) : value_(std::in_place_type<Elements>, std::move(elements)) {}
inline Document Document::number(std::string_view text) {
  if (!detail::is_json_number(text)) throw std::invalid_argument("not a JSON number: " + std::string(text));
  Document document;
  document.value_.emplace<Digits>(std::string(text));
  return document;
}
inline Document Document::array() { return Document(Elements()); }
inline void Document::push_back(Document element) { std::get<Elements>(value_).push_back(std::move(element)); }
inline Document::Document(Members members) : value_(std::in_place_type<Members>, std::move(members)) {}
inline Document Document::object() { return Document(Members()); }
inline const Document::Members& Document::members() const { return std::get<Members>(value_); }
inline void Document::add(std::string name, Document value) {
  std::get<Members>(value_).emplace_back(std::move(name), std::move(value));
}
inline bool operator==(const Document& a, const Document& b) noexcept { return a.value_ == b.value_; }

inline const Document* Document::find(std::string_view name) const noexcept {
  const auto* members = std::get_if<Members>(&value_);
  if (members == nullptr) return nullptr;
  for (auto member = members->rbegin(); member != members->rend(); ++member)
    if (member->name() == name) return &member->value();
  return nullptr;
}

inline void Document::append_to(std::string& json) const {
  char separator = 0;
  const auto separate = [&] {
    if (separator != 0) json += separator;
    separator = ',';
  };
  switch (kind()) {
    case Kind::null:
      json += "null";
      break;
    case Kind::boolean:
      json += boolean() ? "true" : "false";
      break;
    case Kind::number:
      json += digits();
      break;
    case Kind::text:
      detail::append_quoted(json, text());
      break;
    case Kind::array:
      json += '[';
      for (const auto& element : elements()) {
        separate();
        element.append_to(json);
      }
      json += ']';
      break;
    case Kind::object:
      json += '{';
      for (const auto& member : members()) {
        separate();
        detail::append_quoted(json, member.name());
        json += ':';
        member.value().append_to(json);
      }
      json += '}';
      break;
  }
}

/// Puts together what a scanner finds.
class Document::Builder {
 public:
  void null() { add(Document()); }
  void boolean(bool value) { add(Document(value)); }
  void number(std::string_view text) {
    Document document;
    document.value_.emplace<Digits>(std::string(text));
    add(std::move(document));
  }
  void text(std::string_view inside, bool escaped) { add(Document(text_of(inside, escaped))); }
  void key(std::string_view inside, bool escaped) { open_.back().name = text_of(inside, escaped); }
  void begin_array() { open_.emplace_back(Document::array()); }
  void end_array() { close(); }
  void begin_object() { open_.emplace_back(Document::object()); }
  void end_object() { close(); }

  Document take() { return std::move(root_); }

 private:
  struct Open {
    explicit Open(Document its_value) : value(std::move(its_value)) {}
    Document value;
    std::string name;  // of the member that comes next
  };

  static std::string text_of(std::string_view inside, bool escaped) {
    return escaped ? detail::unescaped(inside) : std::string(inside);
  }
  void add(Document value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (open_.back().value.is_array()) {
      open_.back().value.push_back(std::move(value));
    } else {
      open_.back().value.add(std::move(open_.back().name), std::move(value));
    }
  }
  void close() {
    Document value = std::move(open_.back().value);
    open_.pop_back();
    add(std::move(value));
  }

  std::vector<Open> open_;
  Document root_;
};

inline std::optional<Document> Document::parse(std::string_view json) {
  Builder builder;
  if (detail::JsonScanner<Builder>(json, builder).scan() != detail::JsonProblem::none) return std::nullopt;
  return builder.take();
}

}  // namespace fulfill

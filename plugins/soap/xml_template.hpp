// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "../mapping/pointer.hpp"

namespace soap {

/// A piece of XML with places for values:
///
///     {{/customer/id}}                 the value at a JSON Pointer (RFC 6901) into the input: text, boolean, or number
///     with the digits that
///                                      it has there
///     {{/limit|10}}                    with a default for what is missing or null
///     {{secret:key}}                   a secret of the action
///     {{each /lines}} ... {{end}}      once for each item of an array, once for any other value, else not at all; in
///     it
///                                      {{.}} is the item, and {{./sku}} a value in it
///
/// A value may stand in text or in the quoted value of an attribute, and what is put there stays text; `each` holds
/// whole elements. So what is rendered is well-formed whenever `sample` is. Immutable; any thread.
class XmlTemplate {
 public:
  using Secret = std::function<std::string_view(std::string_view name)>;

  /// `setting`: its name, for the SettingError that says what is wrong with it.
  XmlTemplate(std::string_view setting, std::string_view text);

  /// Names of the secrets that it uses.
  [[nodiscard]] const std::set<std::string>& secrets() const noexcept { return secrets_; }

  /// Throws Failed("bad_input") that names the pointer whose value is missing, or cannot be put into XML, or if it gets
  /// longer than 4 MiB; Failed("bad_secret") that names the secret which XML cannot carry; and what `secret` throws.
  [[nodiscard]] std::string render(const fulfill::Document& input, const Secret& secret) const;

  /// With some word for each value, to see what XML it makes.
  [[nodiscard]] std::string sample() const;

 private:
  class Reader;
  class Writer;

  enum class Kind { literal, value, secret, each };
  struct Part {
    Kind kind = Kind::literal;
    bool quoted = false;
    bool relative = false;  // to the item
    std::string text;       // the literal, the pointer as it was written, or the secret's name
    mapping::Pointer pointer;
    std::optional<std::string> otherwise;
    std::vector<Part> inside;
  };

  static void append_sample(const std::vector<Part>& parts, std::string& xml);

  std::vector<Part> parts_;
  std::set<std::string> secrets_;
};

}  // namespace soap

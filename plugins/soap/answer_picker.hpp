// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/DOM/Node.h>

#include <fulfill/document.hpp>
#include <fulfill/settings.hpp>
#include <optional>
#include <string>
#include <vector>

#include "../mapping/value_type.hpp"
#include "xpath.hpp"

namespace soap {

/// Makes the result from the answer: for each setting `result.FIELD` a field, with the value of the first node at that
/// XPath, of the type `types.FIELD` (a string unless set), or `defaults.FIELD` where the answer has none. What has
/// `xsi:nil` and no default is null. An empty text is a string, but no value of another type. A number has the digits
/// that stand there.
///
/// The type `list` gives the texts of all nodes. `items.FIELD.NAME` makes FIELD a list of objects: one for each node at
/// `result.FIELD`, with the value at that XPath, which must be relative, from there; its type and default are
/// `types.FIELD.NAME` and `defaults.FIELD.NAME`. What has `xsi:nil` is null in a list. Immutable; any thread.
class AnswerPicker {
 public:
  /// Throws SettingError that names the setting.
  AnswerPicker(const fulfill::Settings& settings, const XPath::Namespaces& namespaces);

  /// True if the answer does not matter.
  [[nodiscard]] bool wants_nothing() const noexcept { return fields_.empty(); }

  /// XPaths start at `body`. Throws Failed("backend_bad_answer") that names the field which the answer lacks, or whose
  /// value is not of its type.
  [[nodiscard]] fulfill::Document pick(const Poco::XML::Node& body) const;

 private:
  using Type = mapping::ValueType;
  struct Field {
    /// `list`: the field whose items have this one; empty for a field of the result.
    Field(const fulfill::Settings& settings, const XPath::Namespaces& namespaces, const std::string& list,
          const std::string& its_name);
    std::string setting;
    std::string name;
    XPath path;
    Type type = Type::string;
    std::optional<fulfill::Document> otherwise;  // null: the answer must have it
    std::vector<Field> items;
  };

  static std::optional<fulfill::Document> typed(Type type, const std::string& text);
  static fulfill::Document text(const Field& field, const Poco::XML::Node& node);
  static fulfill::Document value(const Field& field, const Poco::XML::Node& context);
  static fulfill::Document list(const Field& field, const XPath::Nodes& nodes);
  static fulfill::Document object(const std::vector<Field>& fields, const Poco::XML::Node& context);

  std::vector<Field> fields_;
};

}  // namespace soap

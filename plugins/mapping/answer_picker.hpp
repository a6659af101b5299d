// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/document.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reference.hpp"
#include "section.hpp"
#include "value_type.hpp"
#include "values.hpp"

namespace mapping {

/// Makes the result from the answers: for each setting `result.FIELD` a field, with the value at that reference (a bare
/// JSON Pointer is one into the last answer), of the type `types.FIELD`, or `defaults.FIELD` where there is none.
/// `items.FIELD.NAME` makes FIELD a list of objects: one for each element at `result.FIELD`, with the value at that
/// JSON Pointer from there. Immutable; any thread.
class AnswerPicker {
 public:
  /// Throws SettingError that names the setting.
  AnswerPicker(const Section& section, const Sources& sources);

  /// True if there is no `result.FIELD`: the whole answer is the result.
  [[nodiscard]] bool takes_all() const noexcept { return fields_.empty(); }

  /// Throws BadValue("backend_bad_answer") that names the field for which there is no value, or none of its type.
  [[nodiscard]] fulfill::Document pick(const Values& values) const;

 private:
  /// Type and default of a field, `types.FIELD` and `defaults.FIELD`.
  class Shape {
   public:
    Shape(const Section& section, std::string table, const std::string& field, bool has_items);
    /// `found`: null if there is no value. `source`: where the field has its value from.
    [[nodiscard]] fulfill::Document of(const fulfill::Document* found, const Reference& source) const;

   private:
    std::string setting_;
    ValueType type_;
    std::optional<fulfill::Document> otherwise_;
  };
  struct Item {
    std::string name;
    Pointer pointer;
    Shape shape;
  };
  struct Field {
    std::string name;
    Reference reference;
    std::vector<Item> items;
    Shape shape;
  };

  static std::vector<Item> items_of(const Section& section, const std::string& field);
  static fulfill::Document list(const Field& field, const fulfill::Document& elements);

  std::vector<Field> fields_;
};

}  // namespace mapping

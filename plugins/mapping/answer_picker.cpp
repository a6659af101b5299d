// SPDX-License-Identifier: Apache-2.0
#include "answer_picker.hpp"

#include <fulfill/error.hpp>
#include <utility>

namespace mapping {
namespace {

using fulfill::Document;

ValueType type_of(const Section& section, const std::string& field) {
  const auto word = section.choice("types." + field, {"any", "string", "number", "integer", "boolean", "list"}, "any");
  if (word == "string") return ValueType::string;
  if (word == "number") return ValueType::number;
  if (word == "integer") return ValueType::integer;
  if (word == "boolean") return ValueType::boolean;
  return word == "list" ? ValueType::list : ValueType::any;
}

/// An empty text is no number and no boolean, but what some backends send where there is none.
bool is_missing(const Document* found, ValueType type) {
  if (found == nullptr || found->is_null()) return true;
  const bool is_text = type == ValueType::any || type == ValueType::string;
  return !is_text && found->is_text() && found->text().empty();
}

std::optional<Document> default_of(const Section& section, const std::string& field, ValueType type) {
  if (type == ValueType::list) return Document::array();
  const std::string name = "defaults." + field;
  const auto text = section.find(name);
  if (!text) return std::nullopt;
  if (*text == "null") return Document();
  auto value = converted(type == ValueType::string ? Document(*text) : literal(*text), type);
  if (!value) section.refuse(name, "is not of the field's type");
  return value;
}

}  // namespace

AnswerPicker::Shape::Shape(const Section& section, std::string table, const std::string& field, bool has_items)
    : setting_(std::move(table) + "." + field),
      // What has items is a list of objects, so `types.FIELD.NAME` may stand where `types.FIELD` would.
      type_(has_items ? ValueType::list : type_of(section, field)),
      otherwise_(default_of(section, field, type_)) {}

Document AnswerPicker::Shape::of(const Document* found, const Reference& source) const {
  if (is_missing(found, type_)) {
    if (otherwise_) return *otherwise_;
    if (found != nullptr && found->is_null()) return Document();
    throw BadValue("backend_bad_answer", "the answer has no value for " + setting_, source.answer());
  }
  if (auto value = converted(*found, type_)) return std::move(*value);
  throw BadValue("backend_bad_answer", "the answer's value for " + setting_ + " is not of its type", source.answer());
}

AnswerPicker::AnswerPicker(const Section& section, const Sources& sources) {
  for (const auto& name : section.names("result")) {
    const std::string setting = "result." + name;
    auto reference = sources.reference(section.full(setting), section.text(setting), Reference::Source::answer);
    if (Values::is_word(reference)) section.refuse(setting, "must be found in an answer or in the input");
    auto items = items_of(section, name);
    Shape shape(section, "result", name, !items.empty());
    fields_.push_back(Field{name, std::move(reference), std::move(items), std::move(shape)});
  }
}

std::vector<AnswerPicker::Item> AnswerPicker::items_of(const Section& section, const std::string& field) {
  std::vector<Item> items;
  for (const auto& name : section.names("items." + field)) {
    const std::string path = field + "." + name;
    auto pointer = Pointer::parse(section.text("items." + path));
    if (!pointer) section.refuse("items." + path, "must be a JSON Pointer such as /sku");
    items.push_back(Item{name, std::move(*pointer), Shape(section, "items", path, false)});
  }
  return items;
}

Document AnswerPicker::list(const Field& field, const Document& list) {
  Document objects = Document::array();
  for (const auto& element : list.elements()) {
    Document object = Document::object();
    for (const auto& item : field.items)
      object.add(item.name, item.shape.of(item.pointer.find(element), field.reference));
    objects.push_back(std::move(object));
  }
  return objects;
}

Document AnswerPicker::pick(const Values& values) const {
  Document result = Document::object();
  for (const auto& field : fields_) {
    Document value = field.shape.of(values.find(field.reference), field.reference);
    result.add(field.name, field.items.empty() ? std::move(value) : list(field, value));
  }
  return result;
}

}  // namespace mapping

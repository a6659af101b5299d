// SPDX-License-Identifier: Apache-2.0
#include "answer_picker.hpp"

#include <Poco/DOM/Element.h>

#include <string_view>
#include <utility>

#include "xml_document.hpp"
#include "xml_text.hpp"

namespace soap {

using fulfill::Document;
using Poco::XML::Node;

namespace {

constexpr const char* kInstance = "http://www.w3.org/2001/XMLSchema-instance";

bool is_nil(const Node& node) {
  if (node.nodeType() != Node::ELEMENT_NODE) return false;
  const std::string nil = static_cast<const Poco::XML::Element&>(node).getAttributeNS(kInstance, "nil");
  return nil == "true" || nil == "1";
}

XPath path_of(const fulfill::Settings& settings, const XPath::Namespaces& namespaces, const std::string& setting) {
  try {
    return XPath(settings.text(setting), namespaces);
  } catch (const XPathError& error) {
    throw fulfill::SettingError("setting \"" + setting + "\": " + error.what());
  }
}

}  // namespace

AnswerPicker::Field::Field(const fulfill::Settings& settings, const XPath::Namespaces& namespaces,
                           const std::string& list, const std::string& its_name)
    : setting((list.empty() ? "result." : "items." + list + ".") + its_name),
      name(its_name),
      path(path_of(settings, namespaces, setting)) {
  const std::string of = list.empty() ? "" : "." + list;
  if (!list.empty() && path.is_absolute())
    throw fulfill::SettingError("setting \"" + setting + "\" must be relative: it starts at each node of result." +
                                list);
  if (list.empty())
    for (const auto& item : settings.names("items." + name)) items.emplace_back(settings, namespaces, name, item);
  if (!items.empty()) {
    type = Type::list;
    return;
  }
  const auto word =
      settings.choice("types" + of + "." + name, {"string", "number", "integer", "boolean", "list"}, "string");
  if (word == "number") type = Type::number;
  if (word == "integer") type = Type::integer;
  if (word == "boolean") type = Type::boolean;
  if (word == "list") type = Type::list;
  if (type == Type::list || !settings.names("defaults" + of).contains(name)) return;
  const std::string default_name = "defaults" + of + "." + name;
  const std::string text = settings.text(default_name);
  otherwise = text == "null" ? Document() : typed(type, text);
  if (!otherwise) throw fulfill::SettingError("setting \"" + default_name + "\" must be null, or of the type " + word);
}

AnswerPicker::AnswerPicker(const fulfill::Settings& settings, const XPath::Namespaces& namespaces) {
  for (const auto& name : settings.names("result")) fields_.emplace_back(settings, namespaces, "", name);
}

std::optional<Document> AnswerPicker::typed(Type type, const std::string& text) {
  if (type == Type::string) return Document(text);
  std::string_view word = trimmed(text);
  if (word.starts_with('+') && !word.starts_with("+-")) word.remove_prefix(1);  // XML Schema 2, 3.2.3 and 3.3.13
  return mapping::converted(Document(word), type);
}

Document AnswerPicker::text(const Field& field, const Node& node) {
  if (holds_attachment(node))
    throw fulfill::Failed("backend_bad_answer",
                          "the answer's value for " + field.setting + " is an attachment (MTOM), which is not read");
  return Document(string_value(node));
}

Document AnswerPicker::list(const Field& field, const XPath::Nodes& nodes) {
  Document list = Document::array();
  for (const Node* node : nodes) {
    if (is_nil(*node)) {
      list.push_back(Document());
    } else {
      list.push_back(field.items.empty() ? text(field, *node) : object(field.items, *node));
    }
  }
  return list;
}

Document AnswerPicker::value(const Field& field, const Node& context) {
  const auto nodes = field.path.select(context);
  if (field.type == Type::list) return list(field, nodes);
  const bool nil = !nodes.empty() && is_nil(*nodes.front());
  const Document found = nodes.empty() || nil ? Document("") : text(field, *nodes.front());
  const bool missing = nodes.empty() || nil || (field.type != Type::string && trimmed(found.text()).empty());
  if (missing) {
    if (field.otherwise) return *field.otherwise;
    if (nil) return {};
    throw fulfill::Failed("backend_bad_answer", "the answer has no value for " + field.setting);
  }
  if (auto value = typed(field.type, found.text())) return std::move(*value);
  throw fulfill::Failed("backend_bad_answer", "the answer's value for " + field.setting + " is not of its type");
}

Document AnswerPicker::object(const std::vector<Field>& fields, const Node& context) {
  Document object = Document::object();
  for (const auto& field : fields) object.add(field.name, value(field, context));
  return object;
}

Document AnswerPicker::pick(const Node& body) const { return object(fields_, body); }

}  // namespace soap

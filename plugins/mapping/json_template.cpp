// SPDX-License-Identifier: Apache-2.0
#include "json_template.hpp"

#include "value_type.hpp"

namespace mapping {

using fulfill::Document;

fulfill::Failed body_too_long() { return {"bad_input", "the body of the request would be longer than 1 MiB"}; }

std::string body_text(const Document& value) {
  std::string text = value.dump();
  if (text.size() > kLongestBody) throw body_too_long();
  if (!fulfill::detail::is_utf8(text))  // all else in it has been JSON before
    throw fulfill::Failed("bad_secret", "a secret in the body of the request is not UTF-8");
  return text;
}

JsonTemplate JsonTemplate::parse(std::string_view setting, std::string_view text, const Sources& sources) {
  const auto value = Document::parse(text);
  if (!value)
    throw wrong_setting(setting,
                        "must be JSON; write a place as a text, \"{{/limit}}\", also for a number or an object");
  return compile(setting, *value, sources);
}

JsonTemplate JsonTemplate::compile(std::string_view setting, const Document& value, const Sources& sources) {
  if (value.is_text()) return JsonTemplate(TextTemplate(setting, value.text(), sources));
  if (value.is_array()) {
    Elements elements;
    for (const auto& element : value.elements()) elements.push_back(compile(setting, element, sources));
    return JsonTemplate(std::move(elements));
  }
  if (!value.is_object()) return JsonTemplate(value);
  Members members;
  for (const auto& member : value.members()) {
    if (member.name().find("{{") != std::string::npos)
      throw wrong_setting(setting, "has the name \"" + member.name() + "\"; places may stand in values only");
    if (value.find(member.name()) != &member.value()) continue;  // the last one of that name counts
    members.emplace_back(member.name(), compile(setting, member.value(), sources));
  }
  return JsonTemplate(std::move(members));
}

JsonTemplate JsonTemplate::read(const Section& section, const std::string& name, const Sources& sources) {
  if (const auto length = section.array(name)) {
    Elements elements;
    for (std::size_t i = 0; i < *length; ++i)
      elements.push_back(read(section, name + "." + std::to_string(i), sources));
    return JsonTemplate(std::move(elements));
  }
  const auto names = section.names(name);
  if (names.empty()) return compile(section.full(name), literal(section.text(name)), sources);
  Members members;
  for (const auto& member : names) members.emplace_back(member, read(section, name + "." + member, sources));
  return JsonTemplate(std::move(members));
}

std::optional<Document> JsonTemplate::render(const Values& values) const {
  if (const auto* constant = std::get_if<Document>(&node_)) return *constant;
  if (const auto* text = std::get_if<TextTemplate>(&node_)) {
    if (const Place* place = text->single_place()) return place->value(values);
    auto rendered = text->render(values);
    if (!rendered) return std::nullopt;
    return Document(std::move(*rendered));
  }
  if (const auto* members = std::get_if<Members>(&node_)) {
    Document object = Document::object();
    for (const auto& [name, member] : *members)
      if (auto value = member.render(values)) object.add(name, std::move(*value));
    return object;
  }
  Document array = Document::array();
  for (const auto& element : std::get<Elements>(node_))
    if (auto value = element.render(values)) array.push_back(std::move(*value));
  return array;
}

}  // namespace mapping

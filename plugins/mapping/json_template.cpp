// SPDX-License-Identifier: Apache-2.0
#include "json_template.hpp"

#include "value_type.hpp"

namespace mapping {

using fulfill::Json;

fulfill::Failed body_too_long() { return {"bad_input", "the body of the request would be longer than 1 MiB"}; }

std::string body_text(const Json& value) {
  std::string text;
  try {
    text = value.dump();
  } catch (const Json::type_error&) {  // all else in it has been JSON before
    throw fulfill::Failed("bad_secret", "a secret in the body of the request is not UTF-8");
  }
  if (text.size() > kLongestBody) throw body_too_long();
  return text;
}

JsonTemplate JsonTemplate::parse(std::string_view setting, std::string_view text, const Sources& sources) {
  const Json value = Json::parse(text, nullptr, false);
  if (value.is_discarded())
    throw wrong_setting(setting,
                        "must be JSON; write a place as a text, \"{{/limit}}\", also for a number or an object");
  return compile(setting, value, sources);
}

JsonTemplate JsonTemplate::compile(std::string_view setting, const Json& value, const Sources& sources) {
  if (value.is_string()) return JsonTemplate(TextTemplate(setting, value.get_ref<const std::string&>(), sources));
  if (value.is_array()) {
    Elements elements;
    for (const auto& element : value) elements.push_back(compile(setting, element, sources));
    return JsonTemplate(std::move(elements));
  }
  if (!value.is_object()) return JsonTemplate(value);
  Members members;
  for (const auto& [name, member] : value.items()) {
    if (name.find("{{") != std::string::npos)
      throw wrong_setting(setting, "has the name \"" + name + "\"; places may stand in values only");
    members.emplace_back(name, compile(setting, member, sources));
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

std::optional<Json> JsonTemplate::render(const Values& values) const {
  if (const auto* constant = std::get_if<Json>(&node_)) return *constant;
  if (const auto* text = std::get_if<TextTemplate>(&node_)) {
    if (const Place* place = text->single_place()) return place->value(values);
    auto rendered = text->render(values);
    if (!rendered) return std::nullopt;
    return Json(std::move(*rendered));
  }
  if (const auto* members = std::get_if<Members>(&node_)) {
    Json object = Json::object();
    for (const auto& [name, member] : *members)
      if (auto value = member.render(values)) object.emplace(name, std::move(*value));
    return object;
  }
  Json array = Json::array();
  for (const auto& element : std::get<Elements>(node_))
    if (auto value = element.render(values)) array.push_back(std::move(*value));
  return array;
}

}  // namespace mapping

// SPDX-License-Identifier: Apache-2.0
#include "parameters.hpp"

#include <utility>

namespace postgresql {
namespace {

using fulfill::Document;
using fulfill::Failed;
using fulfill::SettingError;

constexpr const char* kExecutionId = "execution_id";
constexpr std::size_t kMostParameters = 1000;

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

bool fits(const Document& value, const std::string& type) {
  if (type == "string") return value.is_text();
  if (type == "boolean") return value.is_boolean();
  if (type == "number") return value.is_number();
  if (type == "integer") return value.integer().has_value();
  return true;
}

const char* kind_of(const Document& value) {
  switch (value.kind()) {
    case Document::Kind::null:
      return "null";
    case Document::Kind::boolean:
      return "boolean";
    case Document::Kind::number:
      return "number";
    case Document::Kind::text:
      return "string";
    case Document::Kind::array:
      return "array";
    case Document::Kind::object:
      break;
  }
  return "object";
}

std::string name_of(const std::string& type) {
  if (type == "integer") return "a whole number";
  return type == "string" || type == "boolean" || type == "number" ? "a " + type : "JSON";
}

}  // namespace

Parameter::Parameter(const fulfill::Settings& settings, std::size_t index) {
  const std::string name = "parameters." + std::to_string(index);
  source_ = settings.text(name + ".value");
  type_ = settings.choice(name + ".type", {"string", "integer", "number", "boolean", "json"}, "string");
  optional_ = settings.flag(name + ".optional", false);
  const std::string unset(1, '\0');
  const std::string text = settings.text(name + ".default", unset);
  if (text != unset) default_ = checked_default(text, name + ".default");
  if (default_ && optional_)
    throw SettingError("setting " + in_quotes(name + ".optional") +
                       ": what has a default is never NULL; leave one out");

  if (source_ == kExecutionId) {
    if (type_ != "string" || optional_ || default_)
      throw SettingError("setting " + in_quotes(name) + ": the execution's id is a string and always there");
    return;
  }
  pointer_ = mapping::Pointer::parse(source_);
  if (!pointer_)
    throw SettingError("setting " + in_quotes(name + ".value") + " is " + in_quotes(source_) +
                       "; it must be a JSON Pointer into the input, such as \"/customer/id\", or \"execution_id\"");
}

std::string Parameter::checked_default(const std::string& text, const std::string& setting) const {
  if (type_ == "string") {
    if (text.find('\0') != std::string::npos) throw SettingError("setting " + in_quotes(setting) + " holds a NUL");
    return text;
  }
  const auto value = Document::parse(text);
  if (!value || !fits(*value, type_))
    throw SettingError("setting " + in_quotes(setting) + " is " + in_quotes(text) + "; it must be " + name_of(type_));
  return text;
}

std::optional<std::string> Parameter::value(const fulfill::Input& input) const {
  if (!pointer_) return std::string(input.execution_id());
  const Document* value = pointer_->find(input.document());
  if (value == nullptr || value->is_null()) {
    if (default_ || optional_) return default_;
    throw Failed("bad_input", value == nullptr
                                  ? "the input has no " + in_quotes(source_)
                                  : in_quotes(source_) + " of the input must be " + name_of(type_) + ", not null");
  }
  return text_of(*value);
}

std::string Parameter::text_of(const Document& value) const {
  if (!fits(value, type_))
    throw Failed("bad_input",
                 in_quotes(source_) + " of the input must be " + name_of(type_) + ", not " + kind_of(value));
  if (type_ == "integer") return std::to_string(*value.integer());  // `7.0` is none to the server
  if (type_ != "string") return value.dump();
  std::string text = value.text();
  if (text.find('\0') != std::string::npos)
    throw Failed("bad_input", in_quotes(source_) + " of the input holds a NUL, which no text in PostgreSQL can hold");
  return text;
}

Parameters::Parameters(const fulfill::Settings& settings) {
  const std::size_t count = settings.count("parameters");
  if (count > kMostParameters)
    throw SettingError("setting \"parameters\" has " + std::to_string(count) + " entries; at most " +
                       std::to_string(kMostParameters) + " are allowed");
  for (std::size_t i = 0; i < count; ++i) parameters_.emplace_back(settings, i);
}

Values Parameters::values(const fulfill::Input& input) const {
  Values values;
  values.reserve(parameters_.size());
  for (const auto& parameter : parameters_) values.push_back(parameter.value(input));
  return values;
}

}  // namespace postgresql

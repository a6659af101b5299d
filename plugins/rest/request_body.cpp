// SPDX-License-Identifier: Apache-2.0
#include "request_body.hpp"

#include <cstddef>
#include <fulfill/error.hpp>

namespace rest {

RequestBody::RequestBody(const mapping::Section& section, const mapping::Sources& sources, bool has_content_type) {
  if (const auto text = section.find("body")) {
    is_input_ = *text == "input";
    if (!is_input_) json_ = mapping::JsonTemplate::parse(section.full("body"), *text, sources);
  }
  for (const auto& field : section.entries("form"))
    form_.emplace_back(field.name(), mapping::TextTemplate(field.setting(), field.text(), sources));
  if (!form_.empty() && (is_input_ || json_)) section.refuse("body", "must not be set together with form.NAME");
  if (!has_content_type) content_type_ = form_.empty() ? "application/json" : "application/x-www-form-urlencoded";
}

void RequestBody::add_to(fulfill::Request& request, const fulfill::Input& input, const mapping::Values& values) const {
  if (is_input_ && !content_type_.empty()) {
    request.json(input);
    return;
  }
  if (is_input_) {
    request.body(std::string(input.data()));
    return;
  }
  if (!form_.empty()) {
    request.body(form_text(values));
  } else if (const auto value = json_ ? json_->render(values) : std::nullopt) {
    request.body(mapping::body_text(*value));
  } else {
    return;
  }
  if (!content_type_.empty()) request.header("Content-Type", content_type_);
}

std::string RequestBody::form_text(const mapping::Values& values) const {
  std::string text;
  for (const auto& [name, field] : form_)
    for (const auto& value : field.render_each(values))
      text += (text.empty() ? "" : "&") + fulfill::escape(name) + "=" + fulfill::escape(value);
  if (text.size() > mapping::kLongestBody) throw mapping::body_too_long();
  return text;
}

}  // namespace rest

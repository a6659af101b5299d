// SPDX-License-Identifier: Apache-2.0
#include "graphql_request.hpp"

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <fulfill/charset.hpp>
#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <string_view>
#include <utility>

namespace graphql {
namespace {

using fulfill::Document;
using mapping::Section;

std::string contents_of(const Section& section, const std::string& path) {
  if (!path.starts_with('/')) section.refuse("query_file", "must be an absolute path");
  std::ifstream file(path, std::ios::binary);
  std::string text(mapping::kLongestBody + 1, '\0');  // what is longer is refused below
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file.is_open() || file.bad()) section.refuse("query_file", "names a file that cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return fulfill::DecodedText(text, "").take();
}

std::string document_of(const Section& section) {
  const auto text = section.find("query");
  const auto file = section.find("query_file");
  if (text.has_value() == file.has_value())
    throw fulfill::SettingError("one of the settings \"query\" and \"query_file\" must be set, not both");
  std::string document = text ? *text : contents_of(section, *file);
  const char* setting = text ? "query" : "query_file";
  if (document.find("{{") != std::string::npos)
    section.refuse(setting, "is no template: declare a variable in it, and set it by variables.NAME");
  if (document.size() > mapping::kLongestBody) section.refuse(setting, "is longer than 1 MiB");
  if (!fulfill::detail::is_utf8(document)) section.refuse(setting, "is not UTF-8");
  return document;
}

OperationDefinition chosen(const Section& section, const std::string& document, const std::string& name) {
  try {
    const auto operations = operations_in(document);
    if (name.empty() && operations.size() == 1) return operations.front();
    if (name.empty()) section.refuse("operation_name", "is missing; the query has several operations");
    for (const auto& operation : operations)
      if (operation.name() == name) return operation;
    section.refuse("operation_name", "is \"" + name + "\", which is no operation of the query");
  } catch (const SyntaxError& error) {
    section.refuse(section.find("query") ? "query" : "query_file", std::string("is no GraphQL: ") + error.what());
  }
}

}  // namespace

GraphqlRequest::GraphqlRequest(const Section& section, const mapping::Sources& sources)
    : document_(document_of(section)), operation_name_(section.find("operation_name").value_or("")) {
  const auto definition = chosen(section, document_, operation_name_);
  if (definition.kind() == OperationDefinition::Kind::subscription)
    section.refuse(section.find("query") ? "query" : "query_file", "is a subscription, which has no single answer");
  const bool is_query = definition.kind() == OperationDefinition::Kind::query;
  operation_ = section.operation(is_query ? fulfill::Operation::safe : fulfill::Operation::unsafe);
  read_variables(section, sources, definition);
}

void GraphqlRequest::read_variables(const Section& section, const mapping::Sources& sources,
                                    const OperationDefinition& definition) {
  const auto& declared = definition.variables();
  const auto set = section.names("variables");
  for (const auto& name : set) {
    const auto is_it = [&](const Variable& variable) { return variable.name() == name; };
    if (std::none_of(declared.begin(), declared.end(), is_it))
      section.refuse("variables." + name, "is no variable that the operation declares");
    variables_.emplace_back(name, mapping::JsonTemplate::read(section, "variables." + name, sources));
  }
  for (const auto& variable : declared)
    if (variable.is_required() && !set.contains(variable.name()))
      section.refuse("variables." + variable.name(), "is missing; the operation requires it");
}

std::string GraphqlRequest::body(const mapping::Values& values) const {
  Document body = Document::object();
  body.add("query", Document(document_));
  if (!operation_name_.empty()) body.add("operationName", Document(operation_name_));
  Document variables = Document::object();
  for (const auto& [name, variable] : variables_)
    if (auto value = variable.render(values)) variables.add(name, std::move(*value));
  if (!variables.members().empty()) body.add("variables", std::move(variables));
  return mapping::body_text(body);
}

}  // namespace graphql

// SPDX-License-Identifier: Apache-2.0
// The codecs of secrets and of tables with free names.
#include <utility>

#include "runtime/config/codec.hpp"
#include "runtime/config/secret_source.hpp"
#include "runtime/config/toml_text.hpp"

namespace fulfilld {
namespace {

constexpr auto secret_form = "\"env:NAME\" or \"file:PATH\"";

std::optional<Secret> read_secret(const Node& node, const std::string& key, bool one_line, Reading& reading) {
  // What stands here may be a secret in the wrong place: it is never quoted.
  auto fetched = fetch_secret(node.text() == nullptr ? "" : *node.text(), reading.environment(), one_line);
  if (fetched.problem.empty()) return std::move(fetched.secret);
  reading.report(node.place, key, std::move(fetched.problem));
  return std::nullopt;
}

struct PlainText {
  std::optional<std::string> operator()(const std::string& text) const { return text; }
  std::optional<std::string> operator()(std::int64_t number) const { return std::to_string(number); }
  std::optional<std::string> operator()(double number) const { return number_text(number); }
  std::optional<std::string> operator()(bool truth) const { return truth ? "true" : "false"; }
  template <class T>
  std::optional<std::string> operator()(const T&) const {
    return std::nullopt;
  }
};

std::optional<std::string> read_plain(const Node& node, const std::string& key, Reading& reading) {
  auto text = node.digits.empty() ? std::visit(PlainText{}, node.value) : node.digits;
  if (!text) report_mismatch(node, key, "a string, a number, true or false", reading);
  return text;
}

bool is_table(const Node& node, const std::string& key, Reading& reading) {
  if (node.table() == nullptr) reading.report(node.place, key, "must be a table");
  return node.table() != nullptr;
}

/// What is nested gets a dotted name: `headers.Accept`, and `steps.0.url` for the first of an array.
void read_texts(const Node& node, const std::string& key, const std::string& name, Reading& reading,
                std::map<std::string, std::string>& texts) {
  const auto below = [&](const std::string& part) { return name.empty() ? part : name + "." + part; };
  if (const auto* members = node.table()) {
    for (const auto& [part, member] : *members) read_texts(member, join_key(key, part), below(part), reading, texts);
  } else if (const auto* elements = node.array()) {
    for (std::size_t i = 0; i < elements->size(); ++i)
      read_texts((*elements)[i], join_key(key, std::to_string(i)), below(std::to_string(i)), reading, texts);
  } else if (auto value = read_plain(node, key, reading)) {
    reading.record(key, node.place);
    if (!texts.emplace(name, std::move(*value)).second) reading.report(node.place, key, "is set twice");
  }
}

template <class T, class PrintMember>
auto print_members(PrintMember print_member) {
  return [print_member](const std::map<std::string, T>& members) {
    std::vector<PrintedValue> lines;
    lines.reserve(members.size());
    for (const auto& [name, value] : members) lines.push_back({name, print_member(value)});
    return lines;
  };
}

std::string mask(const Secret& secret) { return toml_string(secret.masked()); }

}  // namespace

Codec<RotatingSecret> secret(bool one_line) {
  return {secret_form,
          [one_line](const Node& node, const std::string& key, Reading& reading) -> std::optional<RotatingSecret> {
            auto first = read_secret(node, key, one_line, reading);
            if (!first) return std::nullopt;
            return rotating_secret(std::move(*first), *node.text(), reading.environment(), one_line);
          },
          [](const RotatingSecret& value) {
            return std::vector<PrintedValue>{{"", toml_string(value.masked())}};
          }};
}

Codec<std::map<std::string, std::string>> texts() {
  using Map = std::map<std::string, std::string>;
  return {"a table",
          [](const Node& node, const std::string& key, Reading& reading) -> std::optional<Map> {
            if (!is_table(node, key, reading)) return std::nullopt;
            Map result;
            read_texts(node, key, "", reading, result);
            return result;
          },
          print_members<std::string>(toml_string)};
}

Codec<std::map<std::string, Secret>> secrets() {
  using Map = std::map<std::string, Secret>;
  return {"a table",
          [](const Node& node, const std::string& key, Reading& reading) -> std::optional<Map> {
            if (!is_table(node, key, reading)) return std::nullopt;
            Map result;
            for (const auto& [name, member] : *node.table()) {
              const std::string member_key = join_key(key, name);
              auto value = read_secret(member, member_key, /*one_line=*/false, reading);
              if (!value) continue;
              reading.record(member_key, member.place);
              result.emplace(name, std::move(*value));
            }
            return result;
          },
          print_members<Secret>(mask)};
}

}  // namespace fulfilld

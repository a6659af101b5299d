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
  auto text = std::visit(PlainText{}, node.value);
  if (!text) report_mismatch(node, key, "a string, a number, true or false", reading);
  return text;
}

template <class T, class ReadMember, class PrintMember>
Codec<std::map<std::string, T>> free_table(ReadMember read_member, PrintMember print_member) {
  using Map = std::map<std::string, T>;
  return {"a table",
          [read_member](const Node& node, const std::string& key, Reading& reading) -> std::optional<Map> {
            if (node.table() == nullptr) {
              reading.report(node.place, key, "must be a table");
              return std::nullopt;
            }
            Map result;
            for (const auto& [name, member] : *node.table()) {
              const std::string member_key = join_key(key, name);
              auto value = read_member(member, member_key, reading);
              if (!value) continue;
              reading.record(member_key, member.place);
              result.emplace(name, std::move(*value));
            }
            return result;
          },
          [print_member](const Map& members) {
            std::vector<PrintedValue> lines;
            for (const auto& [name, value] : members) lines.push_back({name, print_member(value)});
            return lines;
          }};
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

Codec<std::map<std::string, std::string>> texts() { return free_table<std::string>(read_plain, toml_string); }

Codec<std::map<std::string, Secret>> secrets() {
  return free_table<Secret>([](const Node& node, const std::string& key,
                               Reading& reading) { return read_secret(node, key, /*one_line=*/false, reading); },
                            mask);
}

}  // namespace fulfilld

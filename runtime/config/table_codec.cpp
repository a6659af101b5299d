// SPDX-License-Identifier: Apache-2.0
// The codecs of secrets and of tables with free names.
#include <utility>

#include "runtime/config/codec.hpp"
#include "runtime/config/secret_source.hpp"
#include "runtime/config/setting_name.hpp"
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

/// Reads a table of settings for an adapter, with all that is nested in it.
class TextsReader {
 public:
  TextsReader(Reading& reading, std::map<std::string, std::string>& texts) : reading_(reading), texts_(texts) {}

  void read(const Node& node, const std::string& key, const std::string& name) {
    if (const auto* members = node.table()) {
      for (const auto& [part, member] : *members) read_below(member, member.key_place, key, name, part);
    } else if (const auto* elements = node.array()) {
      for (std::size_t i = 0; i < elements->size(); ++i)
        read_below((*elements)[i], (*elements)[i].place, key, name, std::to_string(i));
    } else if (auto value = read_plain(node, key, reading_)) {
      reading_.record(key, node.place);
      texts_.emplace(name, std::move(*value));
    }
  }

 private:
  void read_below(const Node& node, const Place& key_place, const std::string& key, const std::string& name,
                  const std::string& part) {
    const std::string full_key = join_key(key, part);
    const std::string full_name = join_setting(name, part);
    reading_.record_key(full_key, key_place);
    // An adapter asks by the plain name: it has to be of one thing only.
    const auto [first, is_new] = by_plain_name_.emplace(plain_setting(full_name), full_key);
    if (is_new) return read(node, full_key, full_name);
    reading_.report(key_place, full_key, "is set twice: to an adapter it is the same as " + first->second);
  }

  Reading& reading_;
  std::map<std::string, std::string>& texts_;
  std::map<std::string, std::string> by_plain_name_;  ///< the full keys
};

template <class T, class KeyOf, class PrintMember>
auto print_members(KeyOf key_of, PrintMember print_member) {
  return [key_of, print_member](const std::map<std::string, T>& members) {
    std::vector<PrintedValue> lines;
    lines.reserve(members.size());
    for (const auto& [name, value] : members) lines.push_back({key_of("", name), print_member(value)});
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
            reading.record_key(key, node.key_place);
            TextsReader(reading, result).read(node, key, "");
            return result;
          },
          print_members<std::string>(toml_key_of_setting, toml_string)};
}

Codec<std::map<std::string, Secret>> secrets() {
  using Map = std::map<std::string, Secret>;
  return {"a table",
          [](const Node& node, const std::string& key, Reading& reading) -> std::optional<Map> {
            if (!is_table(node, key, reading)) return std::nullopt;
            Map result;
            reading.record_key(key, node.key_place);
            for (const auto& [name, member] : *node.table()) {
              const std::string member_key = join_key(key, name);
              auto value = read_secret(member, member_key, /*one_line=*/false, reading);
              reading.record_key(member_key, member.key_place);
              if (value) reading.record(member_key, member.place);
              // One that cannot be had is reported; the adapter is still asked about the name.
              result.emplace(name, value ? std::move(*value) : Secret());
            }
            return result;
          },
          print_members<Secret>(join_key, mask)};
}

}  // namespace fulfilld

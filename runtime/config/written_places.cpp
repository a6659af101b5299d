// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/written_places.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "runtime/config/setting_name.hpp"
#include "runtime/config/suggestion.hpp"
#include "runtime/config/toml_text.hpp"

namespace fulfilld {
namespace {

/// Where the last part of a TOML key begins, its dot included; 0 if there is one part only.
std::size_t last_part(std::string_view key) {
  std::size_t last = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < key.size(); ++at) {
    if (key[at] == '"') quoted = !quoted;
    if (key[at] == '\\') ++at;
    if (key[at] == '.' && !quoted) last = at;
  }
  return last;
}

/// The parts of a TOML key joined by dots, without quotes.
std::string without_quotes(std::string_view key) {
  std::string plain;
  for (std::size_t at = 0; at < key.size(); ++at) {
    if (key[at] == '"') continue;
    if (key[at] == '\\' && at + 1 < key.size()) ++at;
    plain += key[at];
  }
  return plain;
}

/// What a sentence quotes, and the word before it.
struct Quoted {
  std::string_view word;
  std::string name;
};

std::vector<Quoted> quoted_in(std::string_view sentence) {
  std::vector<Quoted> all;
  for (std::size_t at = sentence.find('"'); at != std::string_view::npos; at = sentence.find('"', at + 1)) {
    const auto end = sentence.find('"', at + 1);
    if (end == std::string_view::npos) break;
    auto before = sentence.substr(0, at);
    while (before.ends_with(' ')) before.remove_suffix(1);
    const auto blank = before.rfind(' ');
    all.push_back({before.substr(blank == std::string_view::npos ? 0 : blank + 1),
                   std::string(sentence.substr(at + 1, end - at - 1))});
    at = end;
  }
  return all;
}

/// What stands behind `known:`, as fulfill::Settings writes it.
std::vector<std::string> known_in(std::string_view sentence) {
  constexpr std::string_view label = "; known: ";
  std::vector<std::string> known;
  const auto begin = sentence.find(label);
  for (auto rest = begin == std::string_view::npos ? std::string_view() : sentence.substr(begin + label.size());
       !rest.empty();) {
    const auto end = std::min(rest.find(", "), rest.size());
    known.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return known;
}

}  // namespace

Problem WrittenPlaces::mistake(const std::string& key, std::string sentence) const {
  return {place_of(key, /*of_key=*/false), key, std::move(sentence)};
}

Problem WrittenPlaces::mistake_in_action(const std::string& action, const std::string& sentence) const {
  const std::string table = join_key("actions", action);
  const bool is_unknown = sentence.starts_with("unknown ");
  for (const auto& [word, name] : quoted_in(sentence)) {
    const bool is_secret = word == "secret";
    const std::string below = table + (is_secret ? ".secrets" : ".settings");
    std::string key = key_named(below, name);
    if (key.empty() && !is_secret && word != "setting") continue;
    Problem problem{{}, key.empty() ? toml_key_of_setting(below, name) : key, sentence};
    problem.place = place_of(problem.key, is_unknown);
    if (is_unknown) {
      const auto known = known_in(sentence);
      if (const auto meant = nearest(name, known); !meant.empty())
        problem.sentence += "; did you mean \"" + std::string(meant) + "\"?";
    } else if (key.empty()) {
      // Of the same table: a key of another one is hardly meant.
      const auto around = name.substr(0, name.rfind('.') + 1);
      std::vector<std::string> written;
      for (const auto& [other, place] : values_) {
        if (!other.starts_with(below + '.')) continue;
        auto plain = without_quotes(other.substr(below.size() + 1));
        if (plain.starts_with(around)) written.push_back(std::move(plain));
      }
      if (const auto misspelt = nearest(name, written); !misspelt.empty())
        problem.sentence += "; is \"" + std::string(misspelt) + "\" meant to be it?";
    }
    return problem;
  }
  return mistake(table, sentence);
}

/// The place of the key itself, or of the nearest table around it.
Place WrittenPlaces::place_of(const std::string& key, bool of_key) const {
  const auto in = [](const Origins& places, const std::string& wanted) {
    const auto found = places.find(wanted);
    return found == places.end() ? Place{} : found->second;
  };
  for (std::string at = key; !at.empty(); at.resize(last_part(at))) {
    auto place = in(of_key ? keys_ : values_, at);
    if (place.source.empty()) place = in(of_key ? values_ : keys_, at);
    if (!place.source.empty()) return place;
  }
  return {};
}

std::string WrittenPlaces::key_named(const std::string& table, const std::string& name) const {
  std::string exact = toml_key_of_setting(table, name);
  if (keys_.contains(exact)) return exact;
  const std::string plain = plain_setting(name);
  for (auto key = keys_.lower_bound(table + '.'); key != keys_.end() && key->first.starts_with(table + '.'); ++key)
    if (without_quotes(key->first.substr(table.size() + 1)) == plain) return key->first;
  return {};
}

}  // namespace fulfilld

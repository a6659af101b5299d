// SPDX-License-Identifier: Apache-2.0
#include "reference.hpp"

#include <algorithm>
#include <cstddef>

#include "section.hpp"

namespace mapping {
namespace {

using Source = Reference::Source;

constexpr std::size_t kLongestName = 64;

bool is_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= kLongestName && std::all_of(name.begin(), name.end(), allowed);
}

bool is_reserved(std::string_view name) { return name == "input" || name == "secret" || name == "execution"; }

}  // namespace

BadValue Reference::failure(std::string_view problem) const {
  const std::string end = " " + std::string(problem);
  const std::string which = text_.empty() ? " as a whole" : "'s " + text_;
  switch (source_) {
    case Source::answer:
      return {"backend_bad_answer", "the answer" + which + end, name_};
    case Source::secret:
      return {"bad_secret", "secret " + name_ + end, std::nullopt};
    case Source::input:
    case Source::execution:
      break;
  }
  return {"bad_input", "the input" + which + end, std::nullopt};
}

void Sources::add_answer(std::string_view setting, const std::string& name) {
  if (!is_name(name)) throw wrong_setting(setting, "must be a name of at most 64 of a-z, A-Z, 0-9, _ and -");
  if (is_reserved(name)) throw wrong_setting(setting, "must not be input, secret or execution");
  if (!answers_.insert(name).second) throw wrong_setting(setting, "is the name of an earlier step too");
}

Reference Sources::reference(std::string_view setting, std::string_view text, Source bare) const {
  const auto refuse = [&](const std::string& problem) { throw wrong_setting(setting, problem); };
  const auto colon = text.starts_with('/') ? std::string_view::npos : text.find(':');
  const bool is_bare = colon == std::string_view::npos;
  const std::string name(is_bare ? std::string_view() : text.substr(0, colon));
  const std::string_view rest = is_bare ? text : text.substr(colon + 1);
  if (name == "secret") {
    settings_.require_secret(rest);
    return {Source::secret, std::string(rest), Pointer(), std::string(text)};
  }
  if (name == "execution") {
    if (rest != "id") refuse("holds \"" + std::string(text) + "\"; of the execution there is execution:id only");
    return {Source::execution, {}, Pointer(), std::string(text)};
  }
  auto pointer = Pointer::parse(rest);
  if (!pointer)
    refuse("holds \"" + std::string(text) +
           "\", which is neither a JSON Pointer such as /customer/id, nor one of a step such as customer:/id");
  if (is_bare) return {bare, {}, std::move(*pointer), std::string(text)};
  if (name == "input") return {Source::input, {}, std::move(*pointer), std::string(text)};
  if (!answers_.contains(name))
    refuse("holds \"" + std::string(text) + "\", but no step before has the name \"" + name + "\"");
  return {Source::answer, name, std::move(*pointer), std::string(text)};
}

}  // namespace mapping

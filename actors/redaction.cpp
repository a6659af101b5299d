// SPDX-License-Identifier: Apache-2.0
#include "actors/redaction.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::size_t most_of_an_owner = 8;
constexpr std::string_view masked_value = R"("***")";

/// Where the JSON string that begins at `at` has its closing quote.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return std::min(at, json.size());
}

}  // namespace

struct Redaction::Known {
  explicit Known(const std::vector<std::string>& secrets) : first(secrets) {}

  const SecretFinder first;
  std::mutex mutex;
  std::map<std::string, std::deque<std::string>> by_owner;  ///< guarded by `mutex`
  /// Guarded by `mutex`; what it points to never changes.
  std::shared_ptr<const SecretFinder> learned = std::make_shared<const SecretFinder>();
};

Redaction::Redaction(const std::vector<std::string>& secrets) : known_(std::make_shared<Known>(secrets)) {}

void Redaction::learn(const std::string& owner, std::string secret) const {
  const std::lock_guard lock(known_->mutex);
  auto& of_owner = known_->by_owner[owner];
  of_owner.push_back(std::move(secret));
  if (of_owner.size() > most_of_an_owner) of_owner.pop_front();
  std::vector<std::string> all;
  for (const auto& [name, secrets] : known_->by_owner) all.insert(all.end(), secrets.begin(), secrets.end());
  known_->learned = std::make_shared<const SecretFinder>(all);
}

std::string Redaction::clean(std::string_view text, const std::vector<std::string>& also) const {
  const auto learned = [this] {
    const std::lock_guard lock(known_->mutex);
    return known_->learned;
  }();
  std::vector<SecretFinder::Range> found;
  known_->first.find(text, found);
  learned->find(text, found);
  if (!also.empty()) SecretFinder(also, SecretFinder::Forms::as_sent).find(text, found);
  return masked(text, std::move(found));
}

std::string Redaction::clean_json(std::string_view json, const std::vector<std::string>& also) const {
  if (clean(json, also) == json) return std::string(json);
  std::string result;
  for (std::size_t at = 0; at < json.size();) {
    const bool is_string = json[at] == '"';
    const std::size_t end = is_string ? end_of_string(json, at) + 1 : json.find_first_of("\"[]{},: \t\r\n", at);
    const auto part = json.substr(at, end == at ? 1 : end - at);
    auto cleaned = clean(part, also);
    // A mask may have taken one half of an escape sequence, and nothing but a string can hold one.
    if (cleaned != part && !(is_string && nlohmann::json::accept(cleaned))) cleaned = masked_value;
    result += cleaned;
    at += part.size();
  }
  return result;
}

}  // namespace fulfilld

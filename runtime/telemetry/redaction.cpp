// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/redaction.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::size_t shortest_secret = 6;
constexpr std::size_t most_added = 100;
constexpr std::string_view mask = "***";

void replace_all(std::string& text, std::string_view secret) {
  if (secret.size() < shortest_secret) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mask.size()))
    text.replace(at, secret.size(), mask);
}

}  // namespace

struct Redaction::Known {
  using Secrets = std::vector<std::string>;

  explicit Known(Secrets secrets) : first(std::move(secrets)), all(sorted()) {}

  // Longest first: one may be part of another.
  [[nodiscard]] std::shared_ptr<const Secrets> sorted() const {
    auto secrets = std::make_shared<Secrets>(first);
    secrets->insert(secrets->end(), added.begin(), added.end());
    std::sort(secrets->begin(), secrets->end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return secrets;
  }

  const Secrets first;
  std::mutex mutex;
  std::deque<std::string> added;       ///< guarded by `mutex`
  std::shared_ptr<const Secrets> all;  ///< guarded by `mutex`, what it points to never changes
};

Redaction::Redaction(std::vector<std::string> secrets) : known_(std::make_shared<Known>(std::move(secrets))) {}

void Redaction::add(std::string secret) {
  const std::lock_guard lock(known_->mutex);
  known_->added.push_back(std::move(secret));
  if (known_->added.size() > most_added) known_->added.pop_front();
  known_->all = known_->sorted();
}

std::string Redaction::clean(std::string_view text, std::string_view also) const {
  const auto secrets = [this] {
    const std::lock_guard lock(known_->mutex);
    return known_->all;
  }();
  std::string result(text);
  replace_all(result, also);
  for (const auto& secret : *secrets) replace_all(result, secret);
  return result;
}

}  // namespace fulfilld

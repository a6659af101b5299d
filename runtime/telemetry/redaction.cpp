// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/redaction.hpp"

#include <algorithm>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::size_t shortest_secret = 6;
constexpr std::string_view mask = "***";

void replace_all(std::string& text, std::string_view secret) {
  if (secret.size() < shortest_secret) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + mask.size()))
    text.replace(at, secret.size(), mask);
}

}  // namespace

Redaction::Redaction(std::vector<std::string> secrets) : secrets_(std::move(secrets)) {
  // Longest first: one may be part of another.
  std::sort(secrets_.begin(), secrets_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
}

std::string Redaction::clean(std::string_view text, std::string_view also) const {
  std::string result(text);
  replace_all(result, also);
  for (const auto& secret : secrets_) replace_all(result, secret);
  return result;
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/secret_finder.hpp"

#include <algorithm>

#include "actors/policy/base64.hpp"
#include "actors/policy/escaped_text.hpp"
#include "actors/policy/form_encoding.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t shortest_word = 4;
constexpr std::size_t shortest_part = 6;
constexpr std::string_view mask = "***";

bool is_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool stands_alone(std::string_view text, SecretFinder::Range range) {
  return (range.first == 0 || !is_alphanumeric(text[range.first - 1])) &&
         (range.second >= text.size() || !is_alphanumeric(text[range.second]));
}

/// Whoever cut a text to a length may have cut the secret at its end, and said so: `...`, `[...]`, `(truncated)`.
bool is_cut_off(std::string_view rest) {
  if (std::none_of(rest.begin(), rest.end(), is_alphanumeric)) return true;
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t\r\n[(<"), rest.size()));
  return rest.starts_with("...") || rest.starts_with("\xe2\x80\xa6") || rest.starts_with("truncated");
}

/// Blanks around a header field's value are not part of it (RFC 9110, 5.5): whoever quotes it leaves them out.
std::string trimmed(const std::string& secret) {
  constexpr std::string_view blank = " \t\r\n";
  const auto begin = secret.find_first_not_of(blank);
  return begin == std::string::npos ? std::string() : secret.substr(begin, secret.find_last_not_of(blank) - begin + 1);
}

/// Its bytes taken for Latin-1, as many servers read the fields of a header, and written in UTF-8.
std::string read_as_latin1(std::string_view secret) {
  std::string text;
  for (const char c : secret) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) text += static_cast<char>(0xc0 | byte >> 6);
    text += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3f));
  }
  return text;
}

std::string for_urls(std::string text) {
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

}  // namespace

SecretFinder::SecretFinder(const std::vector<std::string>& secrets, Forms forms) {
  for (const auto& secret : secrets) add(trimmed(secret), forms);
  const auto first = [](const Pattern& pattern) { return static_cast<unsigned char>(pattern.text.front()); };
  std::sort(patterns_.begin(), patterns_.end(),
            [first](const Pattern& a, const Pattern& b) { return first(a) < first(b); });
  std::uint32_t at = 0;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    of_first_[byte] = at;
    while (at < patterns_.size() && first(patterns_[at]) == byte) ++at;
  }
  of_first_[256] = at;
}

void SecretFinder::add(const std::string& secret, Forms forms) {
  if (secret.size() < shortest_word) return;
  if (secret.size() < shortest_part) return add(secret, /*is_word=*/true);
  add(secret, /*is_word=*/false);
  if (auto misread = read_as_latin1(secret); misread != secret) add(std::move(misread), /*is_word=*/false);
  if (forms == Forms::as_sent) return;
  // A client's secret is form-encoded before it goes into HTTP Basic (RFC 6749, 2.3.1).
  std::vector<std::string> sent{secret};
  if (auto encoded = form_encoded(secret); encoded != secret) sent.push_back(std::move(encoded));
  for (const auto& bytes : sent)
    for (std::size_t offset = 0; offset < 3; ++offset) {
      std::string within = base64_within(bytes, offset);
      if (auto other = for_urls(within); other != within) add(std::move(other), /*is_word=*/false);
      add(std::move(within), /*is_word=*/false);
    }
}

void SecretFinder::add(std::string text, bool is_word) {
  constexpr std::size_t least_part = 8;
  const std::size_t half = text.size() - text.size() / 2;
  const std::size_t least = is_word ? text.size() : std::min(text.size(), std::max(least_part, half));
  patterns_.push_back({std::move(text), least, is_word});
}

void SecretFinder::find(std::string_view text, std::vector<Range>& found) const {
  if (patterns_.empty()) return;
  const int deepest = may_escape_again(text) ? deepest_escape : 1;
  for (std::size_t at = 0; at < text.size(); ++at) {
    find_at(text, at, text[at], deepest, found);
    if (!may_escape(text[at])) continue;
    char before = text[at];
    for (int depth = 1; depth <= deepest; ++depth) {
      const auto meant = unescape(text, at, depth);
      if (meant.count == 0 || meant.bytes[0] == before) continue;
      before = meant.bytes[0];
      find_at(text, at, before, deepest, found);
    }
  }
}

/// Looks for the patterns that begin with `first`, which stands at `at`, as it is or escaped, `deepest` times at most.
void SecretFinder::find_at(std::string_view text, std::size_t at, char first, int deepest,
                           std::vector<Range>& found) const {
  const auto byte = static_cast<unsigned char>(first);
  for (auto i = of_first_[byte]; i < of_first_[byte + 1U]; ++i) {
    const auto& pattern = patterns_[i];
    auto best = match(text, at, pattern.text, /*depth=*/0);
    for (int depth = 1; depth <= deepest && best.of_pattern < pattern.text.size(); ++depth)
      if (const auto other = match(text, at, pattern.text, depth); other.of_pattern > best.of_pattern) best = other;
    const Range range{at, at + best.of_text};
    const bool enough = pattern.is_word ? best.of_pattern == pattern.text.size() && stands_alone(text, range)
                                        : best.of_pattern >= pattern.least || (best.of_pattern >= shortest_part &&
                                                                               is_cut_off(text.substr(range.second)));
    if (enough) found.push_back(range);
  }
}

/// How much of the pattern stands there, if the text has been escaped so often: where both fit, an escape sequence of
/// the innermost level goes before one of an outer level, and that before what stands there.
SecretFinder::Match SecretFinder::match(std::string_view text, std::size_t at, std::string_view pattern, int depth) {
  Match match;
  const auto takes = [&](std::size_t here, int level) {
    const auto meant = unescape(text, here, level);
    if (meant.count == 0 || !pattern.substr(match.of_pattern).starts_with({meant.bytes.data(), meant.count}))
      return false;
    match.of_pattern += meant.count;
    match.of_text += meant.length;
    return true;
  };
  while (match.of_pattern < pattern.size() && at + match.of_text < text.size()) {
    const std::size_t here = at + match.of_text;
    int level = may_escape(text[here]) ? depth : 0;
    while (level > 0 && !takes(here, level)) --level;
    if (level > 0) continue;
    if (text[here] != pattern[match.of_pattern]) break;
    ++match.of_pattern;
    ++match.of_text;
  }
  return match;
}

std::string masked(std::string_view text, std::vector<SecretFinder::Range> found) {
  std::sort(found.begin(), found.end());
  std::string result;
  std::size_t done = 0;
  for (auto range = found.begin(); range != found.end();) {
    auto [begin, end] = *range;
    for (++range; range != found.end() && range->first < end; ++range) end = std::max(end, range->second);
    result.append(text.substr(done, begin - done)).append(mask);
    done = end;
  }
  return result.append(text.substr(done));
}

}  // namespace fulfilld

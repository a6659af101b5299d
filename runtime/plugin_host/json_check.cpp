// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/json_check.hpp"

#include <fulfill/detail/json_scanner.hpp>
#include <string_view>

namespace fulfilld {
namespace {

/// Texts above it are rare: the memory to parse them, many times their size, is not kept.
constexpr std::size_t kLargest = 64 << 10;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool parses(simdjson::dom::parser& parser, const std::string& text) {
  if (parser.parse(text.data(), text.size(), false).error() == simdjson::SUCCESS) return true;
  // simdjson converts numbers and texts, and refuses what no machine type and no UTF-8 holds. We pass them on unread,
  // so only the grammar counts, as adapters read it.
  return fulfill::detail::json_problem(text, simdjson::DEFAULT_MAX_DEPTH) == fulfill::detail::JsonProblem::none;
}

}  // namespace

bool JsonCheck::is_json(std::string& text) {
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  if (text.starts_with(kByteOrderMark)) return false;  // which the scanner and newer releases of simdjson pass over
  text.reserve(text.size() + simdjson::SIMDJSON_PADDING);
  if (text.size() <= kLargest)
    if (const std::unique_lock lock(mutex_, std::try_to_lock); lock) return parses(parser_, text);
  simdjson::dom::parser parser;  // another thread is at it: a parser of one's own is cheaper than waiting
  return parses(parser, text);
}

}  // namespace fulfilld

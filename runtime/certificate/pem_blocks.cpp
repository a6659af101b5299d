// SPDX-License-Identifier: Apache-2.0
#include "runtime/certificate/pem_blocks.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";

std::string_view trimmed(std::string_view line) noexcept {
  constexpr std::string_view blank = " \t\r";
  const auto first = line.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return line.substr(first, line.find_last_not_of(blank) + 1 - first);
}

/// Each line of `text` that is not empty. Old Macs end lines by CR alone.
void append_lines(std::string& lines, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of("\r\n"), text.size());
    if (const auto line = trimmed(text.substr(0, end)); !line.empty()) lines.append(line).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// What stands in a block that begins at the beginning of `text`, and how much of it there is.
std::optional<std::pair<PemBlock, std::size_t>> block_at(std::string_view text) {
  const auto label_end = text.find(dashes, begin_mark.size());
  if (label_end == std::string_view::npos) return std::nullopt;
  const auto label = text.substr(begin_mark.size(), label_end - begin_mark.size());
  if (label.find_first_of("\r\n") != std::string_view::npos) return std::nullopt;
  const auto content = label_end + dashes.size();
  const std::string end_line = std::string(end_mark) + std::string(label) + std::string(dashes);
  const auto end = text.find(end_line, content);
  if (end == std::string_view::npos || text.substr(content, end - content).find(begin_mark) != std::string_view::npos)
    return std::nullopt;

  PemBlock block{std::string(label), {}};
  std::string lines;
  append_lines(lines, text.substr(content, end - content));
  block.text.append(begin_mark).append(label).append(dashes).append("\n").append(lines).append(end_line).append("\n");
  return std::pair(std::move(block), end + end_line.size());
}

}  // namespace

std::vector<PemBlock> pem_blocks(std::string_view text) {
  std::vector<PemBlock> blocks;
  for (auto at = text.find(begin_mark); at != std::string_view::npos; at = text.find(begin_mark, at)) {
    auto found = block_at(text.substr(at));
    if (found) {
      blocks.push_back(std::move(found->first));
      at += found->second;
    } else {
      at += begin_mark.size();
    }
  }
  return blocks;
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "runtime/telemetry/log_line.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::size_t longest_value = 4096;

// Length of the well-formed UTF-8 sequence at the start of `text` (RFC 3629), 0 if there is none.
std::size_t utf8_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xc0) == 0x80; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return continues(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    if (!continues(1) || !continues(2)) return 0;
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) > 0x9f;
    return overlong || surrogate ? 0 : 3;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    const bool overlong = first == 0xf0 && byte(1) < 0x90;
    const bool beyond = first == 0xf4 && byte(1) > 0x8f;
    return overlong || beyond ? 0 : 4;
  }
  return 0;
}

// C0, DEL and C1 steer a terminal; C1 comes as two bytes.
bool is_control(std::string_view sequence) noexcept {
  const auto first = static_cast<unsigned char>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  return first == 0xc2 && static_cast<unsigned char>(sequence[1]) < 0xa0;
}

void append_escaped(std::string& out, unsigned code) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += "\\u00";
  out += hex[code >> 4 & 15];
  out += hex[code & 15];
}

void append_quoted(std::string& out, std::string_view value) {
  const bool cut = value.size() > longest_value;
  value = value.substr(0, longest_value);
  out += '"';
  while (!value.empty()) {
    const std::size_t length = utf8_length(value);
    const std::string_view sequence = value.substr(0, std::max<std::size_t>(length, 1));
    value.remove_prefix(sequence.size());
    if (length == 0)
      out += "\\ufffd";
    else if (sequence == "\"" || sequence == "\\")
      out.append("\\").append(sequence);
    else if (sequence == "\n")
      out += "\\n";
    else if (is_control(sequence))
      append_escaped(out, static_cast<unsigned char>(sequence.back()));
    else
      out += sequence;
  }
  if (cut) out += "...";
  out += '"';
}

bool is_plain(std::string_view value) noexcept {
  return !value.empty() && value.size() <= longest_value && std::all_of(value.begin(), value.end(), [](char c) {
    return c > 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '=';
  });
}

}  // namespace

LogLine::LogLine(LogFormat format, std::string_view event) : format_(format) {
  line_.reserve(320);
  if (format_ == LogFormat::json) {
    line_ += "\"event\":";
    append_quoted(line_, event);
  } else {
    line_ += event;
  }
}

void LogLine::begin(std::string_view name) {
  if (format_ == LogFormat::json)
    line_.append(",\"").append(name).append("\":");
  else
    line_.append(" ").append(name).append("=");
}

LogLine& LogLine::field(std::string_view name, std::string_view value) {
  begin(name);
  if (format_ == LogFormat::text && is_plain(value))
    line_ += value;
  else
    append_quoted(line_, value);
  return *this;
}

LogLine& LogLine::number(std::string_view name, std::int64_t value) {
  begin(name);
  line_ += std::to_string(value);
  return *this;
}

LogLine& LogLine::decimal(std::string_view name, double value) {
  begin(name);
  const auto tenths = std::llround(value * 10);
  line_.append(std::to_string(tenths / 10)).append(".").append(std::to_string(tenths % 10));
  return *this;
}

std::string LogLine::take() && {
  if (format_ == LogFormat::json) line_ += '}';
  return std::move(line_);
}

}  // namespace fulfilld

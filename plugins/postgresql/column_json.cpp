// SPDX-License-Identifier: Apache-2.0
#include "column_json.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <fulfill/detail/json_scanner.hpp>
#include <fulfill/error.hpp>
#include <fulfill/json.hpp>

namespace postgresql {
namespace {

using fulfill::Failed;
using fulfill::Json;
using fulfill::detail::is_digit;
using fulfill::detail::is_json_number;
using fulfill::detail::json_problem;
using fulfill::detail::JsonProblem;
using fulfill::detail::predicate;

// pg_type.dat of PostgreSQL's sources; these never change.
constexpr Oid kBool = 16;
constexpr Oid kBytea = 17;
constexpr Oid kBigint = 20;
constexpr Oid kSmallint = 21;
constexpr Oid kInteger = 23;
constexpr Oid kOid = 26;
constexpr Oid kJson = 114;
constexpr Oid kReal = 700;
constexpr Oid kDouble = 701;
constexpr Oid kTimestamp = 1114;
constexpr Oid kTimestamptz = 1184;
constexpr Oid kNumeric = 1700;
constexpr Oid kVoid = 2278;
constexpr Oid kJsonb = 3802;

constexpr std::int64_t kLargestExactInteger = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kExactDigits = 15;
constexpr std::size_t kLongestNumber = 40;  // further zeros would only hide an underflow

bool is_exact_integer(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return is_json_number(text) && error == std::errc() && rest == end && number >= -kLargestExactInteger &&
         number <= kLargestExactInteger;
}

bool is_exact_numeric(std::string_view text) {
  if (text.size() > kLongestNumber || !is_json_number(text)) return false;
  const auto first = std::find_if(text.begin(), text.end(), [](char c) { return c >= '1' && c <= '9'; });
  return static_cast<std::size_t>(std::count_if(first, text.end(), is_digit)) <= kExactDigits;
}

void append_number(std::string& json, std::string_view text, bool is_exact) {
  if (is_exact)
    json += text;
  else
    append_json_string(json, text);
}

/// `2024-05-01 12:30:00.5+02`, ISO 8601 as PostgreSQL's DateStyle ISO writes it, has a space and may lack minutes.
std::string rfc3339(std::string_view text) {
  std::string timestamp(text);
  constexpr std::size_t kDateSize = 10;
  constexpr std::size_t kSecondsEnd = 19;
  const bool is_usual = text.size() >= kSecondsEnd && text[4] == '-' && text[kDateSize] == ' ' && is_digit(text.back());
  if (!is_usual) return timestamp;
  timestamp[kDateSize] = 'T';
  const auto sign = timestamp.find_first_of("+-", kSecondsEnd);
  if (sign != std::string::npos && timestamp.size() - sign == 3) timestamp += ":00";
  return timestamp;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  throw Failed("backend_bad_answer", "the server writes bytea in an unknown form");
}

std::string base64_of_hex(std::string_view text) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (!text.starts_with("\\x") || text.size() % 2 != 0)
    throw Failed("backend_bad_answer", "the server writes bytea in an unknown form");
  text.remove_prefix(2);
  std::string encoded;
  encoded.reserve(text.size() * 2 / 3 + 4);
  for (std::size_t at = 0; at < text.size(); at += 6) {
    const std::size_t bytes = std::min<std::size_t>(3, (text.size() - at) / 2);
    std::uint32_t group = 0;
    for (std::size_t digit = 0; digit < 6; ++digit)
      group = group << 4U | (digit < bytes * 2 ? static_cast<std::uint32_t>(hex_digit(text[at + digit])) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      encoded += i <= bytes ? alphabet[group >> (18U - 6U * static_cast<unsigned>(i)) & 0x3FU] : '=';
  }
  return encoded;
}

}  // namespace

void append_json_string(std::string& json, std::string_view text) {
  try {
    json += Json(std::string(text)).dump();
  } catch (const Json::type_error&) {
    throw Failed("backend_bad_answer", "the server sent a text that is not UTF-8");
  }
}

void append_json(std::string& json, Oid type, std::string_view text) {
  switch (type) {
    case kBool:
      json += text == "t" ? "true" : "false";
      break;
    case kVoid:
      json += "null";
      break;
    case kSmallint:
    case kInteger:
    case kBigint:
    case kOid:
      append_number(json, text, is_exact_integer(text));
      break;
    case kNumeric:
      append_number(json, text, is_exact_numeric(text));
      break;
    case kReal:
    case kDouble:
      append_number(json, text, is_json_number(text));
      break;
    case kJson:
    case kJsonb:
      if (json_problem(text) != JsonProblem::none)
        throw Failed("backend_bad_answer", "the server sent a json value that " + predicate(json_problem(text)));
      json += text;
      break;
    case kTimestamp:
    case kTimestamptz:
      append_json_string(json, rfc3339(text));
      break;
    case kBytea:
      append_json_string(json, base64_of_hex(text));
      break;
    default:
      append_json_string(json, text);
  }
}

}  // namespace postgresql

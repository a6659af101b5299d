// SPDX-License-Identifier: Apache-2.0
#include "connection_target.hpp"

#include <libpq-fe.h>

#include <array>
#include <cstdint>
#include <iomanip>
#include <memory>
#include <random>
#include <sstream>
#include <string_view>
#include <utility>

namespace postgresql {
namespace {

using fulfill::SettingError;
using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

constexpr std::array<std::pair<std::string_view, const char*>, 5> kElsewhere{{
    {"password", "give it as the secret \"password\""},
    {"sslpassword", "use a key without one, readable by the service only"},
    {"connect_timeout", "that is the setting \"connect_timeout\""},
    {"application_name", "the adapter names its sessions itself"},
    {"client_encoding", "it is always UTF8, as JSON is"},
}};

/// libpq's sentence repeats parts of the text: not if a password may be among them.
std::string reason_of(const std::string& text, const char* sentence) {
  const bool may_hold_password = text.find("pass") != std::string::npos || text.find('@') != std::string::npos;
  if (sentence == nullptr || may_hold_password) return "write \"host=... dbname=... user=...\", or a postgresql:// URI";
  std::string reason = sentence;
  while (!reason.empty() && reason.back() == '\n') reason.pop_back();
  return reason;
}

Options parse_connection(const std::string& text) {
  char* sentence = nullptr;
  Options options(PQconninfoParse(text.c_str(), &sentence), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> owned(sentence, &PQfreemem);
  if (!options)
    throw SettingError("setting \"connection\" is not a connection string of libpq: " + reason_of(text, sentence));
  return options;
}

std::string value_of(const PQconninfoOption* options, std::string_view keyword) {
  for (const auto* option = options; option->keyword != nullptr; ++option)
    if (option->keyword == keyword) return option->val == nullptr ? std::string() : std::string(option->val);
  return {};
}

/// PostgreSQL, 34.1.1.1: values in quotes, quotes and backslashes escaped.
std::string without_options(const PQconninfoOption* options) {
  std::string text;
  for (const auto* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr || std::string_view(option->keyword) == "options") continue;
    if (!text.empty()) text += ' ';
    text.append(option->keyword).append("='");
    for (const char c : std::string_view(option->val)) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += '\'';
  }
  return text;
}

/// What is not said stands in the environment, or is libpq's own default.
std::string place_of(const PQconninfoOption* said) {
  const Options defaults(PQconndefaults(), &PQconninfoFree);
  const auto value = [&](std::string_view keyword) {
    std::string own = value_of(said, keyword);
    return own.empty() && defaults ? value_of(defaults.get(), keyword) : own;
  };
  std::string host = value("host");
  if (host.empty()) host = value("hostaddr");
  if (host.empty()) host = "localhost";
  std::string database = value("dbname");
  if (database.empty()) database = value("user");
  return host + ":" + value("port") + "/" + database;
}

}  // namespace

ConnectionTarget::ConnectionTarget(const fulfill::Settings& settings)
    : text_(settings.text("connection")), action_(settings.action()) {
  if (text_.find('\0') != std::string::npos) throw SettingError("setting \"connection\" holds a NUL");
  const Options options = parse_connection(text_);
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    for (const auto& [keyword, advice] : kElsewhere)
      if (option->keyword == keyword)
        throw SettingError("setting \"connection\" must not hold " + std::string(keyword) + ": " + advice);
  }
  place_ = place_of(options.get());
  if (auto assigned = assignments_in(value_of(options.get(), "options")); assigned && !assigned->empty()) {
    assignments_ = std::move(*assigned);
    text_ = without_options(options.get());
  }
}

std::string ConnectionTarget::new_session_name() const {
  constexpr std::size_t kLongestAction = 63 - 9 - 1 - 16;
  std::random_device random;
  const std::uint64_t number = (static_cast<std::uint64_t>(random()) << 32U) | random();
  std::ostringstream name;
  name << "fulfilld " << action_.substr(0, kLongestAction) << ' ' << std::hex << std::setw(16) << std::setfill('0')
       << number;
  return name.str();
}

}  // namespace postgresql

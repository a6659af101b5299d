// SPDX-License-Identifier: Apache-2.0
#include "error_codes.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace postgresql {
namespace {

constexpr std::size_t kClassSize = 2;

bool is_state_or_class(std::string_view text) {
  const auto allowed = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
  return (text.size() == kStateSize || text.size() == kClassSize) && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace

bool is_code(std::string_view word) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
  };
  return !word.empty() && word.size() <= 64 && std::all_of(word.begin(), word.end(), allowed);
}

Remedy remedy_for(std::string_view state, std::string_view message) noexcept {
  // Serialization failure, deadlock, lock not available: PostgreSQL, 13.5.
  for (const std::string_view met : {"40001", "40P01", "55P03"})
    if (state == met) return Remedy::again;
  // Too many connections; the server stops, has crashed, or starts.
  for (const std::string_view away : {"53300", "57P01", "57P02", "57P03"})
    if (state == away) return Remedy::later;
  if (!state.starts_with("08")) return Remedy::none;
  // Connection exceptions. PgBouncer says 08P01 of all that it has no server, or no place, for; but of this, too.
  for (const std::string_view lasting : {"unsupported startup parameter", "no such database", "no such user",
                                         "authentication failed", "bouncer config error", "is disabled"})
    if (message.find(lasting) != std::string_view::npos) return Remedy::none;
  return Remedy::later;
}

bool leaves_outcome_open(std::string_view state) noexcept { return state == "40003" || state.starts_with("08"); }

ErrorCodes::ErrorCodes(const fulfill::Settings& settings)
    : codes_{
          {"08", "backend_unreachable"},     // connection exception
          {"28", "login_refused"},           // invalid authorization
          {"53300", "backend_unreachable"},  // too many connections
          {"57014", "backend_timeout"},      // statement_timeout, or somebody cancelled it
          {"57P01", "backend_unreachable"},  // the server stops,
          {"57P02", "backend_unreachable"},  // has crashed,
          {"57P03", "backend_unreachable"},  // or starts
      } {
  std::map<std::string, std::string> own;
  for (const auto& state : settings.names("errors")) {
    const std::string name = "errors." + state;
    if (!is_state_or_class(state))
      throw fulfill::SettingError("setting \"" + name +
                                  "\" is named neither after an SQLSTATE (five of 0-9 and A-Z, such as 23505) nor "
                                  "after a class of them (two, such as 23)");
    const std::string code = settings.text(name);
    if (!is_code(code))
      throw fulfill::SettingError("setting \"" + name + "\" must be a word of at most 64 of a-z, 0-9, _, ., -");
    own.emplace(state, code);
    // A class that is named by whoever configures it holds for all its states.
    if (state.size() == kClassSize)
      std::erase_if(codes_, [&](const auto& built_in) { return built_in.first.starts_with(state); });
  }
  own.merge(codes_);
  codes_ = std::move(own);
}

fulfill::Failed ErrorCodes::failure(const std::string& state, const std::string& message) const {
  const std::string sentence = "SQLSTATE " + state + ": " + message;
  for (const auto& name : {state, state.substr(0, kClassSize)})
    if (const auto code = codes_.find(name); code != codes_.end()) return {code->second, sentence};
  return {"sql_error", sentence};
}

}  // namespace postgresql

// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/reason.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfilld {
namespace {

/// How the compiler spells `value`: `[...]::Reason::deadline` where there is such an enumerator, a cast where there is
/// none. So the enumerators need no second list, which would be forgotten together with the table's row.
template <Reason value>
constexpr std::string_view spelling() {
  return __PRETTY_FUNCTION__;
}

struct Enumerator {
  Reason reason;
  std::string_view name;
};

template <std::size_t value>
void add_enumerator(std::vector<Enumerator>& found) {
  constexpr auto reason = static_cast<Reason>(value);
  std::string_view text = spelling<reason>();
  text.remove_prefix(text.find("value = ") + 8);
  text = text.substr(0, text.find_first_of(";]"));
  if (text.front() == '(') return;
  found.push_back({reason, text.substr(text.rfind(':') + 1)});
}

template <std::size_t... values>
std::vector<Enumerator> enumerators(std::index_sequence<values...>) {
  std::vector<Enumerator> found;
  (add_enumerator<values>(found), ...);
  return found;
}

std::vector<Enumerator> all_reasons() { return enumerators(std::make_index_sequence<256>{}); }

TEST(Reason, EnumeratorsAreFoundWithoutAList) {
  const auto all = all_reasons();
  ASSERT_GE(all.size(), 37u);
  EXPECT_EQ(all.front().name, "none");
  EXPECT_EQ(all.back().name, "undeliverable");
}

// A forgotten row shows as `internal_error`.
TEST(Reason, EveryEnumeratorHasARowWhoseCodeIsItsName) {
  for (const auto& [reason, name] : all_reasons()) EXPECT_EQ(code(reason), name);
}

TEST(Reason, CodesAreUnique) {
  const auto all = all_reasons();
  std::set<std::string_view> codes;
  for (const auto& entry : all) codes.insert(code(entry.reason));
  EXPECT_EQ(codes.size(), all.size());
}

TEST(Reason, CodesRoundTrip) {
  for (const auto& entry : all_reasons()) EXPECT_EQ(reason_from_code(code(entry.reason)), entry.reason) << entry.name;
}

TEST(Reason, TextsAreOneSentenceWithoutAFullStop) {
  for (const auto& [reason, name] : all_reasons()) {
    ASSERT_FALSE(text(reason).empty()) << name;
    EXPECT_NE(text(reason).back(), '.') << name;
    EXPECT_EQ(text(reason).find('\n'), std::string_view::npos) << name;
  }
}

TEST(Reason, StatusesAreErrorsExceptThatOfNone) {
  for (const auto& [reason, name] : all_reasons()) {
    if (reason == Reason::none) continue;
    EXPECT_GE(http_status(reason), 400) << name;
    EXPECT_LE(http_status(reason), 504) << name;
  }
  EXPECT_EQ(http_status(Reason::none), 200);
}

TEST(Reason, StatusesAtTheDoorAreThoseOfTheContract) {
  EXPECT_EQ(http_status(Reason::missing_field), 400);
  EXPECT_EQ(http_status(Reason::malformed_json), 400);
  EXPECT_EQ(http_status(Reason::nested_too_deep), 400);
  EXPECT_EQ(http_status(Reason::url_not_allowed), 403);
  EXPECT_EQ(http_status(Reason::unknown_action), 404);
  EXPECT_EQ(http_status(Reason::method_not_allowed), 405);
  EXPECT_EQ(http_status(Reason::body_too_large), 413);
  EXPECT_EQ(http_status(Reason::unsupported_content_type), 415);
  EXPECT_EQ(http_status(Reason::overloaded), 503);
}

TEST(Reason, ValuesInTheJournalNeverMove) {
  EXPECT_EQ(static_cast<int>(Reason::none), 0);
  EXPECT_EQ(static_cast<int>(Reason::bad_request), 1);
  EXPECT_EQ(static_cast<int>(Reason::length_required), 16);
  EXPECT_EQ(static_cast<int>(Reason::backlog_too_long), 17);
  EXPECT_EQ(static_cast<int>(Reason::adapter_unavailable), 18);
  EXPECT_EQ(static_cast<int>(Reason::deadline), 32);
  EXPECT_EQ(static_cast<int>(Reason::internal_error), 44);
  EXPECT_EQ(static_cast<int>(Reason::request_not_allowed), 49);
  EXPECT_EQ(static_cast<int>(Reason::callback_refused), 64);
  EXPECT_EQ(static_cast<int>(Reason::undeliverable), 65);
}

TEST(Reason, AnUnknownValueOrCodeIsAnInternalError) {
  EXPECT_EQ(code(static_cast<Reason>(200)), "internal_error");
  EXPECT_EQ(http_status(static_cast<Reason>(200)), 500);
  for (const auto* name : {"", "Deadline", "deadline ", "no such thing"})
    EXPECT_EQ(reason_from_code(name), Reason::internal_error) << name;
}

}  // namespace
}  // namespace fulfilld

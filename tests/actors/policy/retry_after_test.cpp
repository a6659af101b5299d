// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/retry_after.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

// Mon, 23 Nov 2026 22:04:24.123 GMT
const WallTime answered_at{1795471464123ms};
constexpr milliseconds ten_days = 240h;

struct Case {
  std::string_view value;
  std::optional<milliseconds> wait;
};

const Case seconds_cases[] = {
    {"0", 0ms},
    {"1", 1s},
    {"5", 5s},
    {"05", 5s},
    {"0000000000000000000000005", 5s},
    {"120", 120s},
    {" 7", 7s},
    {"7 ", 7s},
    {"\t7\t ", 7s},
    {"864000", ten_days},
    {"864001", ten_days},
    {"31536000", ten_days},
    {"4294967296", ten_days},
    {"9223372036854775807", ten_days},
    {"18446744073709551615", ten_days},
    {"18446744073709551616", ten_days},
    {"99999999999999999999999999999999999999", ten_days},
};

const Case fraction_cases[] = {
    {"0.0", 0ms},
    {"0.001", 1s},
    {"0.5", 1s},
    {"1.0", 1s},
    {"1.5", 2s},
    {"1.000000001", 2s},
    {"2.000000000000", 2s},
    {"864000.5", ten_days},
    {"1.", {}},
    {".5", {}},
    {"1.5.5", {}},
    {"1.5s", {}},
    {"1.-5", {}},
    {"18446744073709551615.5", ten_days},
};

const Case date_cases[] = {
    // IMF-fixdate; the rest of the running second counts.
    {"Mon, 23 Nov 2026 22:04:25 GMT", 877ms},
    {"Mon, 23 Nov 2026 22:05:24 GMT", 59877ms},
    {"Tue, 24 Nov 2026 00:00:00 GMT", 6935877ms},
    {" Mon, 23 Nov 2026 22:04:34 GMT ", 9877ms},
    {"Mon, 23 Nov 2026 22:04:24 GMT", 0ms},
    {"Sun, 06 Nov 1994 08:49:37 GMT", 0ms},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0ms},
    {"Thu, 03 Dec 2026 22:04:24 GMT", ten_days - 123ms},
    {"Fri, 04 Dec 2026 22:04:24 GMT", ten_days},
    {"Fri, 31 Dec 9999 23:59:59 GMT", ten_days},
    // RFC 850
    {"Monday, 23-Nov-26 22:04:34 GMT", 9877ms},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 0ms},
    // asctime
    {"Mon Nov 23 22:04:34 2026", 9877ms},
    {"Sun Nov  6 08:49:37 1994", 0ms},
};

// Not HTTP, but sent: zones other than the word GMT, or none.
const Case zone_cases[] = {
    {"Mon, 23 Nov 2026 22:04:34 UTC", 9877ms},   {"Mon, 23 Nov 2026 22:04:34 UT", 9877ms},
    {"Mon, 23 Nov 2026 22:04:34 Z", 9877ms},     {"Mon, 23 Nov 2026 22:04:34 gmt", 9877ms},
    {"Mon, 23 Nov 2026 22:04:34", 9877ms},       {"Mon, 23 Nov 2026 22:04:34 +0000", 9877ms},
    {"Mon, 23 Nov 2026 22:04:34 -0000", 9877ms}, {"Mon, 23 Nov 2026 22:04:34 +0000 (UTC)", 9877ms},
    {"Tue, 24 Nov 2026 00:04:34 +0200", 9877ms}, {"Tue, 24 Nov 2026 00:04:34 +02:00", 9877ms},
    {"Tue, 24 Nov 2026 03:34:34 +0530", 9877ms}, {"Mon, 23 Nov 2026 15:04:34 -0700", 9877ms},
    {"Mon, 23 Nov 2026 17:04:34 EST", 9877ms},   {"Mon, 23 Nov 2026 15:04:34 PDT", 9877ms},
    {"Mon, 23 Nov 2026 22:04:34 +0200", 0ms},    {"Mon, 23 Nov 2026 22:04:34 -1000", 36009877ms},
    {"Monday, 23-Nov-26 22:04:34 UTC", 9877ms},  {"Tuesday, 24-Nov-26 00:04:34 +0200", 9877ms},
    {"Mon Nov 23 22:04:34 2026 GMT", 9877ms},    {"Mon Nov 23 22:04:34 2026 +0000", 9877ms},
};

// Not HTTP either: other forms of a date, as other software writes it.
const Case foreign_date_cases[] = {
    {"23 Nov 2026 22:04:34 GMT", 9877ms},
    {"23 Nov 2026 22:04:34 +0000", 9877ms},
    {"Mon, 23-Nov-2026 22:04:34 GMT", 9877ms},
    {"Monday, 23-Nov-2026 22:04:34 GMT", 9877ms},
    {"Mon Nov 23 2026 22:04:34 GMT+0000 (Coordinated Universal Time)", 9877ms},
    {"Mon Nov 23 2026 23:04:34 GMT+0100 (Central European Standard Time)", 9877ms},
    {"Mon Nov 23 22:04:34 GMT 2026", 9877ms},
    {"Mon Nov 23 22:04:34 UTC 2026", 9877ms},
    {"2026-11-23T22:04:34Z", 9877ms},
    {"2026-11-23T22:04:34.000Z", 9877ms},
    {"2026-11-23T22:04:33.001Z", 9877ms},
    {"2026-11-24T00:04:34+02:00", 9877ms},
    {"2026-11-23 22:04:34 UTC", 9877ms},
};

// One field line may hold what several would (RFC 9110, 5.3): the longest wait holds.
const Case list_cases[] = {
    {"Xyz, 23 Nov 2026 22:04:34 GMT", 9877ms},  // what is no wait is passed over
    {"3, 3", 3s},
    {"5,6", 6s},
    {"120, 60", 120s},
    {"3,", 3s},
    {",3", 3s},
    {"3, soon, 4", 4s},
    {"0, 0.5", 1s},
    {"Mon, 23 Nov 2026 22:04:34 GMT, Mon, 23 Nov 2026 22:04:44 GMT", 19877ms},
    {"Mon, 23 Nov 2026 22:04:44 GMT, Mon, 23 Nov 2026 22:04:34 GMT", 19877ms},
    {"Wednesday, 25-Nov-26 22:04:34 GMT, 3", 172809877ms},
    {"3, Mon, 23 Nov 2026 22:04:34 +0000", 9877ms},
    {"30, Mon, 23 Nov 2026 22:04:34 GMT", 30s},
    {"Mon Nov 23 22:04:34 2026, 3", 9877ms},
    {",", {}},
    {", ,", {}},
    {"soon, later", {}},
};

const Case not_a_date_cases[] = {
    {"Mon, 23 Nov 2026 22:04:34 GMT+1", {}},
    {"Mon, 23 Nov 2026 22:04:34 MESZ", {}},
    {"Mon, 23 Nov 2026 22:04:34 +200", {}},
    {"Mon, 23 Nov 2026 22:04:34 +02000", {}},
    {"Mon, 23 Nov 2026 22:04:34 +0260", {}},
    {"Mon, 23 Nov 2026 22:04:34 +2:000", {}},
    {"Mon, 23 Nov 2026 22:04:34 +", {}},
    {"Mon, 23 Nov 2026 22:04:34 0200", {}},
    {"Mon, 23 Nov 2026 22:04:34 UTC UTC", {}},
    {"Mon, 23 Nov 2026 25:04:34 GMT", {}},
    {"Mon, 23 Nov 2026 22:61:34 GMT", {}},
    {"Mon, 32 Nov 2026 22:04:34 GMT", {}},
    {"Mon, 23 Foo 2026 22:04:34 GMT", {}},
    {"Mon, 23 Nov 2026", {}},
    {"23 Nov 2026", {}},
    {"2026-11-23", {}},
    {"2026-11-23T22:04Z", {}},
    {"2026-11-23T22:04:34.Z", {}},
    {"20261123T220434Z", {}},
    {"Mon Nov 23 22:04:34 MESZ 2026", {}},
};

const Case garbage_cases[] = {
    {"", {}},      {" ", {}},     {"\t \t", {}},         {"-1", {}},    {"-0", {}},   {"+5", {}},
    {"5s", {}},    {"5 s", {}},   {"5 6", {}},           {"5;", {}},    {"1e3", {}},  {"0x10", {}},
    {"1'000", {}}, {"1_000", {}}, {"five", {}},          {"inf", {}},   {"nan", {}},  {"null", {}},
    {"\"5\"", {}}, {"(5)", {}},   {"5\r\n", {}},         {"5\0"sv, {}}, {"\0"sv, {}}, {"\xff\xfe", {}},
    {"５", {}},    {"soon", {}},  {"delay-seconds", {}}, {"%s%n", {}},
};

void expect_all(const auto& cases) {
  for (const auto& [value, wait] : cases) EXPECT_EQ(parse_retry_after(value, answered_at), wait) << "'" << value << "'";
}

TEST(RetryAfter, ReadsSecondsAndCutsAtTenDays) { expect_all(seconds_cases); }

TEST(RetryAfter, RoundsFractionsUp) { expect_all(fraction_cases); }

TEST(RetryAfter, ReadsTheThreeFormsOfADate) { expect_all(date_cases); }

TEST(RetryAfter, ReadsDatesOfAnyZone) { expect_all(zone_cases); }

TEST(RetryAfter, ReadsDatesThatOtherSoftwareWrites) { expect_all(foreign_date_cases); }

TEST(RetryAfter, OfAListTheLongestHolds) { expect_all(list_cases); }

TEST(RetryAfter, RefusesWhatOnlyLooksLikeADate) { expect_all(not_a_date_cases); }

TEST(RetryAfter, RefusesGarbageAndNegativeNumbers) { expect_all(garbage_cases); }

TEST(RetryAfter, RefusesAValueOfAnyLength) {
  EXPECT_EQ(parse_retry_after(std::string(100000, ' ') + "5", answered_at), 5s);
  EXPECT_EQ(parse_retry_after(std::string(100000, '9'), answered_at), ten_days);
  EXPECT_EQ(parse_retry_after("Mon, 23 Nov 2026 22:04:34 GMT" + std::string(100000, 'x'), answered_at), std::nullopt);
}

TEST(RetryAfter, RefusesWhatFollowsAZeroByte) {
  EXPECT_EQ(parse_retry_after("Mon, 23 Nov 2026 22:04:34 GMT\0, later"sv, answered_at), std::nullopt);
}

// As above, but in an answer, and with what the answer says of its own time. Our clock says `answered_at`; the server's
// `own_date` is far from that where it is given.
struct AnswerCase {
  const char* retry_after;
  const char* own_date;  ///< null: no Date field
  std::optional<milliseconds> wait;
};

const AnswerCase answer_cases[] = {
    {nullptr, nullptr, {}},
    {nullptr, "Sun, 06 Nov 1994 08:49:37 GMT", {}},
    // Seconds need no clock.
    {"0", nullptr, 0ms},
    {"0", "Sun, 06 Nov 1994 08:49:37 GMT", 0ms},
    {"4", nullptr, 4s},
    {"4", "Sun, 06 Nov 1994 08:49:37 GMT", 4s},
    {"4", "garbage", 4s},
    {" 4\t", nullptr, 4s},
    {"1.5", nullptr, 2s},
    {"-4", nullptr, {}},
    {"-4", "Sun, 06 Nov 1994 08:49:37 GMT", {}},
    {"+4", nullptr, {}},
    {"4s", nullptr, {}},
    {"4, 5", nullptr, 5s},
    {"", nullptr, {}},
    {"soon", "Sun, 06 Nov 1994 08:49:37 GMT", {}},
    {"10000000000000000000", nullptr, ten_days},
    {"10000000000000000000", "Sun, 06 Nov 1994 08:49:37 GMT", ten_days},
    // Dates without a Date: by our clock.
    {"Mon, 23 Nov 2026 22:04:34 GMT", nullptr, 9877ms},
    {"Monday, 23-Nov-26 22:04:34 GMT", nullptr, 9877ms},
    {"Mon Nov 23 22:04:34 2026", nullptr, 9877ms},
    {"Sun, 06 Nov 1994 08:49:37 GMT", nullptr, 0ms},
    {"Fri, 31 Dec 9999 23:59:59 GMT", nullptr, ten_days},
    // Dates with a Date: by that, in any pair of forms.
    {"Sun, 06 Nov 1994 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 10s},
    {"Sun, 06 Nov 1994 08:49:47 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", 10s},
    {"Sun, 06 Nov 1994 08:49:47 GMT", "Sun Nov  6 08:49:37 1994", 10s},
    {"Sunday, 06-Nov-94 08:49:47 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 10s},
    {"Sunday, 06-Nov-94 08:49:47 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", 10s},
    {"Sun Nov  6 08:49:47 1994", "Sun, 06 Nov 1994 08:49:37 GMT", 10s},
    {"Sun Nov  6 08:49:47 1994", "Sun Nov  6 08:49:37 1994", 10s},
    {"Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 0ms},
    {"Sun, 06 Nov 1994 08:49:27 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 0ms},
    {"Mon, 07 Nov 1994 00:00:00 GMT", "Sun, 06 Nov 1994 23:59:59 GMT", 1s},
    {"Sun, 01 Jan 1995 00:00:01 GMT", "Sat, 31 Dec 1994 23:59:59 GMT", 2s},
    {"Fri, 01 Mar 2024 00:00:00 GMT", "Thu, 29 Feb 2024 23:59:58 GMT", 2s},
    {"Tue, 15 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", 216h},
    {"Thu, 17 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", ten_days},
    {"Sun, 06 Nov 2044 08:49:47 GMT", "Sun, 06 Nov 2044 08:49:37 GMT", 10s},
    // A Date that cannot be read is none.
    {"Mon, 23 Nov 2026 22:04:34 GMT", "", 9877ms},
    {"Mon, 23 Nov 2026 22:04:34 GMT", "yesterday", 9877ms},
    {"Mon, 23 Nov 2026 22:04:34 GMT", "1795471464", 9877ms},
    {"Mon, 23 Nov 2026 22:04:34 GMT", "Sun, 06 Nov 1994 08:49:37 MESZ", 9877ms},
    // Any zone will do, on both sides.
    {"Sun, 06 Nov 1994 08:49:47 +0000", "Sun, 06 Nov 1994 10:49:37 +0200", 10s},
    {"1994-11-06T08:49:47Z", "Sun, 06 Nov 1994 08:49:37 GMT", 10s},
};

TEST(RetryAfter, OfAnAnswerIsMeasuredByItsOwnDate) {
  for (const int status : {429, 503}) {
    for (const auto& [value, own_date, wait] : answer_cases) {
      HttpAnswer answer;
      answer.status = status;
      if (own_date != nullptr) answer.fields.push_back({"Date", own_date});
      if (value != nullptr) answer.fields.push_back({"retry-after", value});
      EXPECT_EQ(retry_after(answer, answered_at), wait)
          << (value == nullptr ? "none" : value) << " / " << (own_date == nullptr ? "none" : own_date);
    }
  }
}

TEST(RetryAfter, OfSeveralFieldsTheLongestHolds) {
  HttpAnswer answer;
  answer.fields = {{"Retry-After", "3"}, {"RETRY-AFTER", "soon"}, {"Retry-After", "7"},
                   {"retry-after", "5"}, {"X-Retry-After", "99"}, {"Retry-Afte", "99"}};
  EXPECT_EQ(retry_after(answer, answered_at), 7s);
}

TEST(RetryAfter, AnyBytesGiveAWaitWithinBoundsOrNone) {
  std::mt19937 random(20261123);
  const std::string_view alphabet = "0123456789 .,:-+GMTMonNovFriSun\t\0\xff"sv;
  for (int round = 0; round < 20000; ++round) {
    std::string value(random() % 40, ' ');
    for (auto& c : value) c = alphabet[random() % alphabet.size()];
    const auto wait = parse_retry_after(value, answered_at);
    if (!wait) continue;
    ASSERT_GE(*wait, 0ms) << value;
    ASSERT_LE(*wait, ten_days) << value;
  }
}

}  // namespace
}  // namespace fulfilld

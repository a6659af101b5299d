// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/answer_parser.hpp"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fulfilld {
namespace {

using Error = boost::beast::error_code;

struct Parsed {
  HttpAnswer answer;
  Error error;
  bool done = false;
};

/// Parses as the connection does: unread bytes are shown again with those that follow.
Parsed parse(std::string_view bytes, std::size_t piece, bool no_body = false) {
  Parsed result;
  AnswerParser parser(result.answer, 1 << 20, no_body);
  std::string unread;
  while (!bytes.empty() && !parser.is_done() && !result.error) {
    unread.append(bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (!unread.empty() && !parser.is_done() && !result.error) {
      // A block of exactly that size lets AddressSanitizer see a read beyond it.
      const std::vector<char> block(unread.begin(), unread.end());
      unread.erase(0, parser.put(boost::asio::buffer(block), result.error));
      if (result.error == boost::beast::http::error::need_more) {
        result.error = {};
        break;
      }
    }
  }
  result.done = parser.is_done();
  return result;
}

const std::vector<std::string> good = {
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nTrailer: t\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r\n",
};

TEST(AnswerParser, ReadsTheSameHoweverTheBytesAreCut) {
  for (const auto& bytes : good)
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece) {
      const Parsed parsed = parse(bytes, piece);
      EXPECT_FALSE(parsed.error) << parsed.error.message() << " in pieces of " << piece << ": " << bytes;
      EXPECT_TRUE(parsed.done);
      EXPECT_EQ(parsed.answer.status, 200);
      EXPECT_EQ(parsed.answer.body, R"({"a":1})");
      EXPECT_EQ(parsed.answer.field("Trailer"), "");
    }
}

TEST(AnswerParser, SurvivesDamagedAnswers) {
  std::mt19937 random(20240607);
  const std::string spice = "\r\n\r\n :;,=0123456789abcdefABCDEF\t\"-\0\xff";
  int damaged = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string bytes = good[random() % good.size()];
    for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 3) {
        case 0:
          bytes[at] = spice[random() % spice.size()];
          break;
        case 1:
          bytes.insert(at, 1, spice[random() % spice.size()]);
          break;
        default:
          if (bytes.size() > 1) bytes.erase(at, 1);
      }
    }
    const Parsed parsed = parse(bytes, 1 + random() % 40);
    if (parsed.error) ++damaged;
    ASSERT_LE(parsed.answer.body.size(), bytes.size());
  }
  EXPECT_GT(damaged, 10'000);
}

TEST(AnswerParser, BoundsTheHeaderHoweverItArrives) {
  std::string bytes = "HTTP/1.1 200 OK\r\n";
  while (bytes.size() < 2 * AnswerParser::header_limit) bytes += "A: " + std::string(1000, 'x') + "\r\n";
  bytes += "\r\n";
  for (const std::size_t piece : {std::size_t{17}, std::size_t{1005}, bytes.size()})
    EXPECT_EQ(parse(bytes, piece).error, boost::beast::http::error::header_limit) << piece;
}

TEST(AnswerParser, BoundsTheNumberOfFields) {
  std::string bytes = "HTTP/1.1 200 OK\r\n";
  for (std::size_t i = 0; i <= AnswerParser::max_fields; ++i) bytes += "A: b\r\n";
  EXPECT_EQ(parse(bytes + "\r\n", 6).error, boost::beast::http::error::header_limit);
}

TEST(AnswerParser, AHeadHasNoBodyWhateverItSays) {
  const Parsed parsed = parse("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", 1000, true);
  EXPECT_TRUE(parsed.done);
  EXPECT_FALSE(parsed.error);
}

TEST(AnswerParser, ReadsHowLongThePeerKeepsTheConnection) {
  for (const auto& [value, seconds] : std::vector<std::pair<std::string, int>>{{"timeout=5", 5},
                                                                               {"timeout=72, max=1000", 72},
                                                                               {"max=3, timeout=0", 0},
                                                                               {"max=3", -1},
                                                                               {"timeout=x", -1},
                                                                               {"timeout=", -1},
                                                                               {"timeout=99999999999999", -1}}) {
    HttpAnswer answer;
    AnswerParser parser(answer, 0, false);
    Error error;
    parser.put(boost::asio::buffer("HTTP/1.1 204 x\r\nKeep-Alive: " + value + "\r\n\r\n"), error);
    EXPECT_FALSE(error);
    EXPECT_EQ(parser.keep_alive_timeout().value_or(std::chrono::seconds{-1}).count(), seconds) << value;
  }
}

}  // namespace
}  // namespace fulfilld

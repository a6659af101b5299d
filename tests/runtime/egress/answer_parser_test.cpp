// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/answer_parser.hpp"

#include <gtest/gtest.h>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
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
  std::string problem;
};

constexpr std::size_t body_limit = 1 << 20;

/// Parses as the connection does: unread bytes are shown again with those that follow.
Parsed parse(std::string_view bytes, std::size_t piece, bool no_body = false) {
  Parsed result;
  AnswerParser parser(result.answer, body_limit, no_body);
  boost::beast::flat_buffer unread;
  while (!bytes.empty() && !parser.is_done() && !result.error) {
    const auto size = std::min(piece, bytes.size());
    boost::asio::buffer_copy(unread.prepare(size), boost::asio::buffer(bytes.data(), size));
    unread.commit(size);
    unread.shrink_to_fit();  // a block of exactly that size lets AddressSanitizer see a read beyond it
    bytes.remove_prefix(size);
    while (unread.size() > 0 && !parser.is_done() && !result.error) {
      parser.read(unread, result.error);
      if (result.error == boost::beast::http::error::need_more) {
        result.error = {};
        break;
      }
    }
  }
  result.done = parser.is_done();
  result.problem = parser.problem();
  return result;
}

const std::vector<std::string> good_answers = {
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=\"y\"\r\n{\"a\r\n4\r\n\":1}\r\n0\r\nTrailer: t\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"a\":1}\r\n0\r\n\r\n",
    // What RFC 9112 lets a recipient take: sections 2.2, 4 and 5.1.
    "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 7\n\n{\"a\":1}",
    "HTTP/1.1 200 OK\r\nA: b\nContent-Length: 7\r\n\n{\"a\":1}",
    "HTTP/1.1 200 OK\nA: b\r\nContent-Length: 7\n\r\n{\"a\":1}",
    "HTTP/1.1 200\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200\nContent-Length: 7\n\n{\"a\":1}",
    "HTTP/1.1 200 \r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1\t200\tOK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1  200   OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1   200\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200 OK\r\nContent-Length : 7\r\nX \t :\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200 OK\r\nContent-Length \t:7\r\n\r\n{\"a\":1}",
    "HTTP/1.1 200 OK\nTransfer-Encoding : chunked\nX: a\n b\n\n7\r\n{\"a\":1}\r\n0\r\n\r\n",
    // Sizes of chunks that are padded, as servers do that write them afterwards.
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3     \r\n{\"a\r\n4\t\r\n\":1}\r\n0     \r\n\r\n",
    "HTTP/1.1 200\nTransfer-Encoding: chunked\n\n7 \r\n{\"a\":1}\r\n0 \r\nTrailer: t\r\n\r\n",
};

TEST(AnswerParser, ReadsTheSameHoweverTheBytesAreCut) {
  for (const auto& bytes : good_answers)
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
    std::string bytes = good_answers[random() % good_answers.size()];
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

TEST(AnswerParser, WhatIsTakenLenientlyIsReadAsItIsMeant) {
  const Parsed parsed =
      parse("HTTP/1.0  203\nX-A : one\nX-B\t:two \nX-C:  three\n  four\nX-Empty \t:\n\nthe \n body\n\n", 1000);
  EXPECT_FALSE(parsed.error) << parsed.error.message();
  EXPECT_EQ(parsed.answer.status, 203);
  EXPECT_EQ(parsed.answer.field("X-A"), "one");
  EXPECT_EQ(parsed.answer.field("X-B"), "two");
  EXPECT_EQ(parsed.answer.field("X-C"), "three four");
  EXPECT_EQ(parsed.answer.fields.size(), 4u);
  EXPECT_EQ(parsed.answer.body, "the \n body\n\n") << "the body is not touched";
}

TEST(AnswerParser, AnInterimAnswerMayBeWrittenLenientlyToo) {
  HttpAnswer answer;
  AnswerParser interim(answer, body_limit, false);
  boost::beast::flat_buffer input;
  const std::string bytes = "HTTP/1.1 100\n\nHTTP/1.1 200\nContent-Length : 2\n\nok";
  input.commit(boost::asio::buffer_copy(input.prepare(bytes.size()), boost::asio::buffer(bytes)));
  Error error;
  interim.read(input, error);
  EXPECT_TRUE(interim.is_done() && interim.is_interim());
  AnswerParser last(answer, body_limit, false);
  last.read(input, error);
  EXPECT_TRUE(last.is_done());
  EXPECT_FALSE(error) << error.message();
  EXPECT_EQ(answer.body, "ok");
}

TEST(AnswerParser, WhereAnAnswerEndsStaysStrict) {
  for (const std::string bytes : {
           "HTTP/1.1 200\nContent-Length : 5\nContent-Length: 6\n\nhello!",
           "HTTP/1.1 200 OK\nContent-Length: 5\nTransfer-Encoding : chunked\n\n5\r\nhello\r\n0\r\n\r\n",
           "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n0\n\n",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nA: b\rContent-Length: 5\r\n\r\nhello",
           "HTTP/1.1 200 OK\r\r\nContent-Length: 5\r\n\r\nhello",
           "HTTP/1.1 200 OK\r\n Content-Length: 5\r\n\r\nhello",
           "HTTP/1.1 200 OK\r\n: 5\r\n\r\n",
           "HTTP/1.1 200 OK\r\n : 5\r\n\r\n",
           "HTTP/1.1 200 OK\r\nBad Name : 5\r\n\r\n",
           "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
           "HTTP/1.1 20\r\n\r\n",
           "HTTP/1.1 2000\r\n\r\n",
           "HTTP/1.1200 OK\r\n\r\n",
           "HTTP/1.1\r\n\r\n",
           "HTTP/1.1 \n\n",
       })
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()})
      EXPECT_FALSE(parse(bytes, piece).done) << bytes << " in pieces of " << piece;
}

TEST(AnswerParser, PaddedChunksAreBoundedAsOthersAre) {
  std::string bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "40000 \r\n" + std::string(0x40000, 'x') + "\r\n";
  for (std::size_t size = 0; size < body_limit; size += 0x40000) bytes += chunk;
  EXPECT_TRUE(parse(bytes + "0 \r\n\r\n", 10000).done);
  EXPECT_EQ(parse(bytes + "1 \r\nx\r\n0 \r\n\r\n", 10000).error, boost::beast::http::error::body_limit);
  for (const char* line : {" 5\r\n", "5 5\r\n", "5 ;\r\n", " \r\n", "5 \n"})
    EXPECT_FALSE(
        parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(line) + "hello\r\n0\r\n\r\n", 1000)
            .done)
        << line;
}

TEST(AnswerParser, WhatCannotBecomeHttpIsNotWaitedFor) {
  EXPECT_TRUE(parse("SSH-2.0-OpenSSH_9.2\r\n", 1000).error);
  EXPECT_TRUE(parse("220 mail.test ESMTP", 1000).error);
  EXPECT_TRUE(parse("SSH-2", 1).error);
  EXPECT_TRUE(parse("\r\n", 1000).error);
  EXPECT_TRUE(parse("\n", 1000).error);
  EXPECT_TRUE(parse(std::string_view("\x15\x03\x01\x00\x02\x02\x46", 7), 1000).error) << "a TLS alert";
}

TEST(AnswerParser, DoesNotGrowWithBareLineEnds) {
  std::string bytes = "HTTP/1.1 200 OK\n";
  while (bytes.size() < 4 * AnswerParser::header_limit) bytes += "A:\n";
  for (const std::size_t piece : {std::size_t{17}, std::size_t{4096}, bytes.size()})
    EXPECT_EQ(parse(bytes, piece).error, boost::beast::http::error::header_limit) << piece;
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
                                                                               {"Timeout = \"7\", max=2", 7},
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

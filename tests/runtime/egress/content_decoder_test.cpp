// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/content_decoder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "tests/runtime/egress/compressed.hpp"

namespace fulfilld {
namespace {

using testing::compressed;
using testing::Wrapping;
using Result = ContentDecoder::Result;

constexpr std::size_t one_mib = 1 << 20;

struct Decoded {
  Result result = Result::good;
  bool complete = false;
  std::string text;
};

Decoded decode(std::string_view coded, bool may_be_bare = false, std::size_t piece = one_mib,
               std::size_t limit = one_mib) {
  Decoded decoded;
  ContentDecoder decoder(may_be_bare);
  for (; !coded.empty() && decoded.result == Result::good; coded.remove_prefix(std::min(piece, coded.size())))
    decoded.result = decoder.decode(coded.substr(0, piece), decoded.text, limit);
  decoded.complete = decoder.complete();
  return decoded;
}

std::string words(std::size_t size) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < size) text += "word" + std::to_string(random() % 1000) + ' ';
  return text;
}

TEST(ContentDecoder, UndoesEachWrappingHoweverItIsCut) {
  const std::string text = words(100'000);
  for (const auto wrapping : {Wrapping::gzip, Wrapping::zlib, Wrapping::none}) {
    const std::string coded = compressed(text, wrapping);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{4096}, coded.size()}) {
      const Decoded decoded = decode(coded, wrapping == Wrapping::none, piece);
      EXPECT_EQ(decoded.result, Result::good);
      EXPECT_TRUE(decoded.complete);
      EXPECT_TRUE(decoded.text == text) << piece;
    }
  }
}

TEST(ContentDecoder, UndoesAnEmptyText) {
  for (const auto wrapping : {Wrapping::gzip, Wrapping::zlib, Wrapping::none}) {
    const Decoded decoded = decode(compressed("", wrapping), true);
    EXPECT_TRUE(decoded.complete);
    EXPECT_EQ(decoded.text, "");
  }
}

TEST(ContentDecoder, ReadsAllMembersOfAGzip) {
  const std::string coded = compressed("one ", Wrapping::gzip) + compressed("two", Wrapping::gzip);
  for (const std::size_t piece : {std::size_t{1}, coded.size()}) {
    const Decoded decoded = decode(coded, false, piece);
    EXPECT_EQ(decoded.result, Result::good);
    EXPECT_EQ(decoded.text, "one two");
    EXPECT_TRUE(decoded.complete);
  }
}

TEST(ContentDecoder, WhatFollowsTheEndIsDamage) {
  for (const auto wrapping : {Wrapping::gzip, Wrapping::zlib, Wrapping::none})
    for (const std::string& more : {std::string("x"), std::string(1, '\0'), std::string("garbage and more of it")})
      for (const std::size_t piece : {std::size_t{1}, one_mib}) {
        const Decoded decoded = decode(compressed("text", wrapping) + more, wrapping == Wrapping::none, piece);
        EXPECT_TRUE(decoded.result == Result::damaged || !decoded.complete) << more;
      }
}

TEST(ContentDecoder, ACutTextIsNeverComplete) {
  for (const auto wrapping : {Wrapping::gzip, Wrapping::zlib, Wrapping::none}) {
    const std::string coded = compressed(words(1000), wrapping);
    for (std::size_t size = 0; size < coded.size(); ++size)
      EXPECT_FALSE(decode(std::string_view(coded).substr(0, size), wrapping == Wrapping::none).complete) << size;
  }
}

TEST(ContentDecoder, AWrongChecksumIsDamage) {
  for (const auto wrapping : {Wrapping::gzip, Wrapping::zlib}) {
    std::string coded = compressed(words(1000), wrapping);
    coded[coded.size() - 3] ^= 1;
    EXPECT_EQ(decode(coded).result, Result::damaged);
  }
}

TEST(ContentDecoder, PlainTextIsDamage) {
  const std::string text = R"({"plain":true,"and":"long enough to be told apart"})";
  EXPECT_EQ(decode(text).result, Result::damaged);
  const Decoded bare = decode(text, true);
  EXPECT_FALSE(bare.complete) << "it may look like the beginning of something";
}

TEST(ContentDecoder, StopsAtTheLimitWhateverIsStillToCome) {
  const std::string bomb = compressed(std::string(64 * one_mib, '0'), Wrapping::gzip);
  ASSERT_LT(bomb.size(), one_mib / 10);
  const Decoded decoded = decode(bomb);
  EXPECT_EQ(decoded.result, Result::too_large);
  EXPECT_LE(decoded.text.size(), one_mib);
  EXPECT_LE(decoded.text.capacity(), 2 * one_mib + 1);
}

TEST(ContentDecoder, ExactlyTheLimitIsNotTooLarge) {
  const std::string text = words(50'000);
  const std::string coded = compressed(text, Wrapping::zlib);
  EXPECT_EQ(decode(coded, false, 100, text.size()).result, Result::good);
  EXPECT_EQ(decode(coded, false, 100, text.size() - 1).result, Result::too_large);
}

TEST(ContentDecoder, SurvivesDamage) {
  std::mt19937 random(20240607);
  const std::string good = compressed(words(2000), Wrapping::gzip);
  for (int round = 0; round < 5000; ++round) {
    std::string coded = good;
    for (unsigned changes = 1 + random() % 3; changes > 0; --changes)
      coded[random() % coded.size()] = static_cast<char>(random());
    EXPECT_LE(decode(coded, round % 2 == 0, 1 + random() % 500, 10'000).text.size(), 10'000u);
  }
}

TEST(ContentCoding, IsReadWhateverItsForm) {
  const auto names = [](std::initializer_list<const char*> values) {
    ContentCoding coding;
    for (const char* value : values) coding.add(value);
    return coding.names();
  };
  EXPECT_EQ(names({}), "");
  EXPECT_EQ(names({"", "identity", " , Identity,"}), "");
  EXPECT_EQ(names({" GZip "}), "gzip");
  EXPECT_EQ(names({"identity, gzip"}), "gzip");
  EXPECT_EQ(names({"deflate", "br"}), "deflate, br");
  EXPECT_EQ(names({"deflate,gzip"}), "deflate, gzip");
  EXPECT_EQ(names({"br\x01\xff"}), "br");
  EXPECT_LE(names({std::string(5000, 'x').c_str(), "y"}).size(), ContentCoding::longest + 2);
}

TEST(ContentCoding, KnowsWhatItUndoes) {
  const auto of = [](const char* value) {
    ContentCoding coding;
    coding.add(value);
    return std::pair(coding.is_gzip(), coding.is_deflate());
  };
  EXPECT_EQ(of("gzip"), std::pair(true, false));
  EXPECT_EQ(of("X-GZIP"), std::pair(true, false));
  EXPECT_EQ(of("deflate"), std::pair(false, true));
  for (const char* other : {"br", "zstd", "compress", "gzip, gzip", "identity"})
    EXPECT_EQ(of(other), std::pair(false, false)) << other;
}

}  // namespace
}  // namespace fulfilld

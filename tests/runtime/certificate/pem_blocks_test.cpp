// SPDX-License-Identifier: Apache-2.0
#include "runtime/certificate/pem_blocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fulfilld {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

const std::string block = "-----BEGIN CERTIFICATE-----\nAAAA\nBBBB\n-----END CERTIFICATE-----\n";

TEST(PemBlocks, AreFoundWhateverStandsAroundThem) {
  for (const std::string& text :
       {block, "\xef\xbb\xbf" + block, "subject=CN = a\nissuer=x\n\n" + block + "that was it",
        std::string("-----BEGIN CERTIFICATE-----\r\nAAAA\r\nBBBB\r\n-----END CERTIFICATE-----"),
        std::string("-----BEGIN CERTIFICATE-----\rAAAA\rBBBB\r-----END CERTIFICATE-----\r"),
        std::string("  -----BEGIN CERTIFICATE-----\n  AAAA \n\n\tBBBB\n  -----END CERTIFICATE-----\n")}) {
    const auto found = pem_blocks(text);
    ASSERT_THAT(found, SizeIs(1)) << text;
    EXPECT_EQ(found[0].label, "CERTIFICATE");
    EXPECT_EQ(found[0].text, block) << text;
  }
}

TEST(PemBlocks, MayBeginWhereAnotherEnds) {
  auto without_line_end = block;
  without_line_end.pop_back();
  for (const auto& between : {"", "\n", "\xef\xbb\xbf", "\r\n\xef\xbb\xbf"}) {
    const auto found = pem_blocks(without_line_end + between + block);
    ASSERT_THAT(found, SizeIs(2)) << between;
    EXPECT_EQ(found[1].text, block);
  }
}

TEST(PemBlocks, WithoutAnEndAreNone) {
  EXPECT_THAT(pem_blocks(""), IsEmpty());
  EXPECT_THAT(pem_blocks("-----BEGIN "), IsEmpty());
  EXPECT_THAT(pem_blocks("-----BEGIN A-----\nAAAA\n"), IsEmpty());
  EXPECT_THAT(pem_blocks("-----BEGIN A-----\nAAAA\n-----END B-----\n"), IsEmpty());
  EXPECT_THAT(pem_blocks("-----BEGIN CERTIFICATE-----\nAA\n" + block), SizeIs(1)) << "the second one is whole";
}

TEST(PemBlocks, KeepTheirOrderAndTheirLabels) {
  const auto found = pem_blocks("-----BEGIN EC PARAMETERS-----\nAA==\n-----END EC PARAMETERS-----\n" + block);
  ASSERT_THAT(found, SizeIs(2));
  EXPECT_EQ(found[0].label, "EC PARAMETERS");
  EXPECT_EQ(found[1].label, "CERTIFICATE");
}

}  // namespace
}  // namespace fulfilld

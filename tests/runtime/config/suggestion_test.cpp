// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/suggestion.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

TEST(EditDistance, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("port", "port"), 0u);
  EXPECT_EQ(edit_distance("prot", "port"), 1u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("max_bdy", "max_body"), 1u);
}

TEST(Nearest, NamesWhatWasProbablyMeant) {
  const std::vector<std::string> keys = {"address", "port", "max_connections", "max_body"};
  EXPECT_EQ(nearest("prot", keys), "port");
  EXPECT_EQ(nearest("adress", keys), "address");
  EXPECT_EQ(nearest("max_conections", keys), "max_connections");
  EXPECT_EQ(nearest("maxbody", keys), "max_body");
}

TEST(Nearest, StaysSilentWhereNothingIsNear) {
  EXPECT_EQ(nearest("frequency", {"port", "address"}), "");
  EXPECT_EQ(nearest("x", {}), "");
  EXPECT_EQ(nearest("", {"port"}), "");
  EXPECT_EQ(nearest(std::string(100000, 'p'), {"port"}), "");
}

}  // namespace
}  // namespace fulfilld

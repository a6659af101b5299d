// SPDX-License-Identifier: Apache-2.0
#include "../startup_options.hpp"

#include <gtest/gtest.h>

namespace {

using postgresql::Assignments;
using postgresql::assignments_in;

TEST(StartupOptions, AreReadAsTheServerDoes) {
  EXPECT_EQ(assignments_in("-c TimeZone=UTC -cDateStyle=German --search-path=a,b"),
            (Assignments{{"TimeZone", "UTC"}, {"DateStyle", "German"}, {"search_path", "a,b"}}));
  EXPECT_EQ(assignments_in("  -c\tmyapp.user=Ada\\ L\\\\ "), (Assignments{{"myapp.user", "Ada L\\"}}));
  EXPECT_EQ(assignments_in(""), Assignments());
}

TEST(StartupOptions, StayWhereTheyAreUnlessAllOfThemCanBeSetInATransaction) {
  for (const char* options : {"-c TimeZone=UTC -e", "-B 5", "-c", "-c TimeZone", "-c =x", "TimeZone=UTC",
                              "-c default_transaction_isolation=serializable", "--log-connections=on"})
    EXPECT_FALSE(assignments_in(options)) << options;
}

}  // namespace

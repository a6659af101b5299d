// SPDX-License-Identifier: Apache-2.0
#include "../sql_outline.hpp"

#include <gtest/gtest.h>

namespace {

using postgresql::SqlOutline;
using Numbers = std::set<std::size_t>;

TEST(SqlOutline, FindsPlaceholders) {
  EXPECT_EQ(SqlOutline("SELECT $1, $12+$1").placeholders(), (Numbers{1, 12}));
  EXPECT_EQ(SqlOutline("SELECT 1").placeholders(), Numbers{});
}

TEST(SqlOutline, LooksIntoNoQuotesAndNoComments) {
  for (const char* sql : {"SELECT '$1'", "SELECT 'it''s $1'", "SELECT \"$1\"", "SELECT E'\\'$1'",
                          "SELECT e'\\\\', '$1'", "SELECT $$ $1 $$", "SELECT $tag$ $1 $$ $tag$", "SELECT 1 -- $1",
                          "SELECT 1 /* $1 /* */ $1 */", "SELECT price$1 FROM t", "SELECT U&'$1'"})
    EXPECT_EQ(SqlOutline(sql).placeholders(), Numbers{}) << sql;
}

TEST(SqlOutline, LooksBehindThem) {
  for (const char* sql : {"SELECT 'a' || $1", "SELECT '\\' || $1", "SELECT E'\\\\' || $1", "SELECT 1 -- x\n + $1",
                          "SELECT /* /* */ */ $1", "SELECT $a$ $b$ $a$ || $1", "SELECT \"e\"'x', $1"})
    EXPECT_EQ(SqlOutline(sql).placeholders(), Numbers{1}) << sql;
}

TEST(SqlOutline, CountsStatements) {
  EXPECT_EQ(SqlOutline("").statements(), 0U);
  EXPECT_EQ(SqlOutline(" ; -- nothing\n;").statements(), 0U);
  EXPECT_EQ(SqlOutline("SELECT 1;").statements(), 1U);
  EXPECT_EQ(SqlOutline("SELECT ';'; /* ; */ -- ;").statements(), 1U);
  EXPECT_EQ(SqlOutline("SELECT 1; DROP TABLE t").statements(), 2U);
  EXPECT_EQ(SqlOutline("DO $$ BEGIN; END; $$").statements(), 1U);
}

TEST(SqlOutline, SeesWhatHasNoEnd) {
  for (const char* sql : {"SELECT '", "SELECT \"a", "SELECT E'\\'", "SELECT $$", "SELECT $a$ $b$", "SELECT /* /* */"})
    EXPECT_FALSE(SqlOutline(sql).complete()) << sql;
  for (const char* sql : {"SELECT 1 -- '", "SELECT ''", "SELECT $$$$", "SELECT $", "SELECT a$b", "SELECT /**/ 1"})
    EXPECT_TRUE(SqlOutline(sql).complete()) << sql;
}

TEST(SqlOutline, SurvivesNumbersWithoutAnEnd) {
  EXPECT_EQ(SqlOutline("SELECT $99999999999999999999999999").placeholders(), Numbers{});
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/json_check.hpp"

#include <gtest/gtest.h>

#include <string>

namespace fulfilld {
namespace {

const std::string mark = "\xEF\xBB\xBF";

TEST(JsonCheck, TakesAByteOrderMarkOffAsTheTextBecomesPartOfAnother) {
  JsonCheck check;
  for (const std::string json : {"{}", R"({"a":1e400})", R"("\ud800")", "1"}) {
    std::string text = mark + json;
    EXPECT_TRUE(check.is_json(text)) << json;
    EXPECT_EQ(text, json);
  }
}

TEST(JsonCheck, RefusesASecondByteOrderMark) {
  JsonCheck check;
  for (const std::string json : {"{}", R"({"a":1e400})", "1", ""}) {
    std::string text = mark + mark + json;
    EXPECT_FALSE(check.is_json(text)) << json;
  }
}

}  // namespace
}  // namespace fulfilld

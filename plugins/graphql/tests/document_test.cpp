// SPDX-License-Identifier: Apache-2.0
#include "../document.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using graphql::operations_in;
using graphql::SyntaxError;
using Kind = graphql::OperationDefinition::Kind;

TEST(Document, HasAQueryWithoutAWord) {
  const auto operations = operations_in("{ customer(id: 1) { name } }");
  ASSERT_EQ(operations.size(), 1U);
  EXPECT_EQ(operations[0].kind(), Kind::query);
  EXPECT_EQ(operations[0].name(), "");
}

TEST(Document, HasOperationsOfAllKindsAndFragments) {
  const auto operations = operations_in(R"(
    query Find { ...F }
    fragment F on Customer @x { name }
    mutation Change { a }
    subscription { b })");
  ASSERT_EQ(operations.size(), 3U);
  EXPECT_EQ(operations[0].name(), "Find");
  EXPECT_EQ(operations[1].kind(), Kind::mutation);
  EXPECT_EQ(operations[1].name(), "Change");
  EXPECT_EQ(operations[2].kind(), Kind::subscription);
}

TEST(Document, DeclaresVariablesOfWhichSomeAreRequired) {
  const auto operations = operations_in(
      "query Q($id: ID!, $tags: [String!]!, $some: [String!], $n: Int! = 10, $f: F = {a: [1, \"}\"]} @d(x: 1), $e: E) "
      "@live { a }");
  const auto& variables = operations.at(0).variables();
  ASSERT_EQ(variables.size(), 6U);
  const char* names[] = {"id", "tags", "some", "n", "f", "e"};
  const bool required[] = {true, true, false, false, false, false};
  for (std::size_t i = 0; i < variables.size(); ++i) {
    EXPECT_EQ(variables[i].name(), names[i]);
    EXPECT_EQ(variables[i].is_required(), required[i]) << names[i];
  }
}

TEST(Document, TakesNoWordInStringsAndCommentsForAnOperation) {
  const auto operations = operations_in(
      "\xEF\xBB\xBF# mutation A { b }\n"
      "query { a(x: \"} mutation B {\", y: \"\\\"}\", z: \"\"\"}\" \\\"\"\" }\"\"\") }");
  ASSERT_EQ(operations.size(), 1U);
  EXPECT_EQ(operations[0].kind(), Kind::query);
}

TEST(Document, SaysWhatIsWrong) {
  const auto problem = [](const char* document) -> std::string {
    try {
      (void)operations_in(document);
    } catch (const SyntaxError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(problem(""), "there is no operation in it");
  EXPECT_EQ(problem("fragment F on C { a }"), "there is no operation in it");
  EXPECT_EQ(problem("query {"), "it ends too soon");
  EXPECT_EQ(problem("query Q"), "there is no { at its end");
  EXPECT_EQ(problem("query { a ) }"), "its brackets do not match");
  EXPECT_EQ(problem("query { a }}"), "there is no name before }");
  EXPECT_EQ(problem("select { a }"), "\"select\" begins neither an operation nor a fragment");
  EXPECT_EQ(problem("query (id: ID) { a }"), "there is no $ before id");
  EXPECT_EQ(problem("query { a(x: \"b) }"), "a string is never closed");
  EXPECT_EQ(problem("query { a(x: \"\"\"b) }"), "a \"\"\" is never closed");
  EXPECT_EQ(problem("query { a; }"), "the character ; has no meaning there");
  EXPECT_EQ(problem("fragment F C { a }"), "a fragment is not \"on\" a type");
}

}  // namespace

// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/schema.hpp"

#include <gtest/gtest.h>

#include "runtime/journal/damage.hpp"
#include "tests/runtime/journal/journal_fixture.hpp"

namespace fulfilld::testing {
namespace {

using journal::Database;
using journal::Migration;

class Schema : public ::testing::Test {
 protected:
  static std::int64_t number(Database& database, const std::string& sql) {
    auto query = database.prepare(sql);
    return query.executeStep() ? query.getColumn(0).getInt64() : -1;
  }

  ScratchDirectory directory;
  Database database{directory.path() / "journal.db", "", true};
  const std::vector<Migration> steps{
      [](Database& db) { db.run("CREATE TABLE added_by_2(a)"); },
      [](Database& db) { db.run("CREATE TABLE added_by_3(a)"); },
  };
};

TEST_F(Schema, IsBroughtForwardStepByStep) {
  prepare_schema(database, {});
  const auto keys = journal::fingerprint_keys(database);
  prepare_schema(database, {steps.data(), 1});
  EXPECT_EQ(number(database, "SELECT value FROM meta WHERE name = 'schema_version'"), 2);
  prepare_schema(database, steps);
  EXPECT_EQ(number(database, "SELECT value FROM meta WHERE name = 'schema_version'"), 3);
  EXPECT_EQ(number(database, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'added%'"), 2);
  EXPECT_EQ(journal::fingerprint_keys(database).ids.first, keys.ids.first);
}

TEST_F(Schema, RunsAllStepsOnceForSeveralVersions) {
  prepare_schema(database, {});
  prepare_schema(database, steps);
  prepare_schema(database, steps);
  EXPECT_EQ(number(database, "SELECT value FROM meta WHERE name = 'schema_version'"), 3);
}

TEST_F(Schema, StaysAsItWasWhenAStepFails) {
  prepare_schema(database, {});
  const std::vector<Migration> broken{steps[0], [](Database& db) { db.run("this is no SQL"); }};
  EXPECT_THROW(prepare_schema(database, broken), SQLite::Exception);
  EXPECT_EQ(number(database, "SELECT value FROM meta WHERE name = 'schema_version'"), 1);
  EXPECT_EQ(number(database, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'added%'"), 0);
}

TEST_F(Schema, RefusesANewerOne) {
  prepare_schema(database, {});
  prepare_schema(database, steps);
  EXPECT_THROW(prepare_schema(database, {}), journal::NewerSchema);
}

TEST_F(Schema, KnowsTwoVersionNumbersThatDifferForDamage) {
  prepare_schema(database, {});
  database.run("UPDATE meta SET value = 9 WHERE name = 'schema_version'");
  EXPECT_THROW(prepare_schema(database, {}), journal::Damage);
}

}  // namespace
}  // namespace fulfilld::testing

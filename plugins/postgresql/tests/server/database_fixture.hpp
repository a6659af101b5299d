// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <fulfill/testing.hpp>
#include <map>
#include <string>
#include <utility>

#include "../../database.hpp"
#include "postgres_server.hpp"

inline PostgresServer& server() { return PostgresServer::instance(); }

/// An action whose database is the real one. `action.bench` has a host, but runs one execution at a time; `database()`
/// is what is inside of it, for tests with threads of their own.
class DatabaseAction {
 public:
  explicit DatabaseAction(const std::string& query) {
    setting("connection", server().connection());
    setting("query", query);
  }

  DatabaseAction& setting(const std::string& name, const std::string& value) {
    settings_.insert_or_assign(name, value);
    bench.setting(name, value);
    return *this;
  }
  /// The next of `parameters`.
  DatabaseAction& parameter(const std::string& pointer, const std::string& type = "string") {
    const std::string name = "parameters." + std::to_string(parameters_++);
    return setting(name + ".value", pointer).setting(name + ".type", type);
  }

  auto run(const std::string& input = "{}") { return bench.run(input); }

  [[nodiscard]] postgresql::Database database() const {
    return {fulfill::Settings("pooled", {settings_.begin(), settings_.end()}, {}), parameters_};
  }

  fulfill::testing::Bench bench;

 private:
  std::map<std::string, std::string> settings_;
  std::size_t parameters_ = 0;
};

/// Where that is, at the end of a message.
inline std::string place(const std::string& database = "postgres") {
  return " (" + server().host() + ":5432/" + database + ")";
}

inline postgresql::Time in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

/// A table of the test's own, empty.
inline void new_table(const std::string& name, const std::string& columns) {
  server().query("DROP TABLE IF EXISTS " + name);
  server().query("CREATE TABLE " + name + " (" + columns + ")");
}

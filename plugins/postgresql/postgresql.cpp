// SPDX-License-Identifier: Apache-2.0
// Executes one SQL statement, with values from the input as its parameters, and gives its rows as JSON.
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "database.hpp"
#include "parameters.hpp"

namespace {

class Postgresql final : public fulfill::Adapter {
 public:
  explicit Postgresql(const fulfill::Settings& settings)
      : parameters_(settings),
        database_(std::make_unique<postgresql::Database>(settings, parameters_.count())),
        has_password_(settings.has_secret("password")) {}

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    auto work = [database = database_.get(), values = parameters_.values(input),
                 password = std::string(has_password_ ? context.secret("password") : ""), deadline = context.deadline(),
                 in_doubt = std::make_shared<bool>(false)](std::stop_token stop) {
      // The host calls it again for each attempt, one after the other.
      return database->run(values, password, deadline, std::move(stop), *in_doubt);
    };
    std::string json = co_await context.blocking(work).operation(database_->operation());
    co_return fulfill::Result::raw(std::move(json));
  }

 private:
  postgresql::Parameters parameters_;
  std::unique_ptr<postgresql::Database> database_;  // has state of its own, guarded by itself
  bool has_password_;
};

}  // namespace

FULFILL_ADAPTER(Postgresql, "postgresql", "1.0.0")

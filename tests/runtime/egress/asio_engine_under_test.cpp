// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/asio_http_engine.hpp"
#include "tests/runtime/egress/engine_under_test.hpp"

namespace fulfilld::testing {
namespace {

class AsioEngineUnderTest final : public EngineUnderTest {
 public:
  explicit AsioEngineUnderTest(const EngineOptions& options) : engine_(loop_, settings(options)) {}
  HttpEngine& engine() override { return engine_; }
  void stop() override { engine_.stop(); }

 private:
  static EgressSettings settings(const EngineOptions& options) {
    EgressSettings result;
    result.ca_file = options.ca_file;
    result.user_agent = "engine-test/1";
    result.look_up = [hosts = options.hosts](const std::string& name) {
      Resolution resolution;
      if (const auto host = hosts.find(name); host != hosts.end())
        for (const auto& address : host->second) resolution.addresses.push_back(boost::asio::ip::make_address(address));
      else
        resolution.problem = "no such host";
      return resolution;
    };
    return result;
  }

  IoLoop loop_;
  AsioHttpEngine engine_;
};

}  // namespace

EngineKind asio_engine_kind() {
  return {"Asio", [](const EngineOptions& options) { return std::make_unique<AsioEngineUnderTest>(options); }};
}

}  // namespace fulfilld::testing

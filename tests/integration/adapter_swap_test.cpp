// SPDX-License-Identifier: Apache-2.0
// New builds of adapters in a running service.
#include <csignal>
#include <fstream>
#include <iterator>

#include "tests/integration/adapter_builds.hpp"
#include "tests/integration/fulfilld_test.hpp"

namespace fulfilld::integration {
namespace {

class AdapterSwap : public FulfilldTest {
 protected:
  AdapterSwap() {
    set("adapters", "directories", Json{FULFILLD_ADAPTERS, builds_.directory()}.dump());
    set_text("actions.swap", "adapter", "swapped");
  }

  void send_to_swap(const Service& service, const std::string& id, const std::string& data = "{}") const {
    const auto reply = service.execute(execute_body(id, data), "swap");
    ASSERT_EQ(reply.status, 202) << reply.body;
  }
  /// The build that carried out an execution.
  [[nodiscard]] int build_of(const std::string& id) const {
    return taken_result(id).at("result").at("externalResponse").at("build");
  }
  [[nodiscard]] int build_that_runs(const Service& service, const std::string& id) const {
    send_to_swap(service, id);
    return build_of(id);
  }
  static bool is_mapped(Service& service, const std::filesystem::path& library) {
    std::ifstream maps("/proc/" + std::to_string(service.process().id()) + "/maps");
    const std::string text(std::istreambuf_iterator<char>(maps), {});
    return text.find(library.string()) != std::string::npos;
  }

  AdapterBuilds builds_{directory.path() / "builds"};
};

TEST_F(AdapterSwap, ANewBuildTakesOverAtSighupAndTheOldOneEndsWhatItBegan) {
  const auto old_build = builds_.put(1, "swapped-1.so");
  auto service = start();
  EXPECT_EQ(build_that_runs(service, "e-1"), 1);
  send_to_swap(service, "e-2", R"({"after_ms":1500})");
  const auto new_build = builds_.put(2, "swapped-2.so");
  service.process().send_signal(SIGHUP);
  ASSERT_TRUE(service.said("runs swapped 2.0.0 from"));
  EXPECT_EQ(build_that_runs(service, "e-3"), 2);
  EXPECT_TRUE(is_mapped(service, old_build)) << "e-2 still runs";
  EXPECT_EQ(build_of("e-2"), 1);
  EXPECT_EQ(build_that_runs(service, "e-4"), 2);
  EXPECT_FALSE(is_mapped(service, old_build));
  EXPECT_TRUE(is_mapped(service, new_build));
  EXPECT_EQ(service.get("/readyz").status, 200);
}

TEST_F(AdapterSwap, ABuildThatCannotTakeOverLeavesTheOldOneInUseAndIsNamed) {
  builds_.put(1, "swapped-1.so");
  set("actions.swap", "settings", "{ known_to_build_1 = true }");
  auto service = start();
  std::ofstream(builds_.directory() / "swapped-3.so") << "half a file";
  service.process().send_signal(SIGHUP);
  ASSERT_TRUE(service.said("swapped-3.so is not a shared library"));
  EXPECT_EQ(build_that_runs(service, "e-1"), 1);
  const auto ready = service.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("swapped-3.so is not a shared library"), std::string::npos) << ready.body;
  std::filesystem::remove(builds_.directory() / "swapped-3.so");
  service.process().send_signal(SIGHUP);
  builds_.put(2, "swapped-2.so");
  service.process().send_signal(SIGHUP);
  ASSERT_TRUE(service.said("runs swapped 2.0.0 from"));
  EXPECT_EQ(build_that_runs(service, "e-2"), 2);
  EXPECT_EQ(service.get("/readyz").status, 200);
}

TEST_F(AdapterSwap, AnActionWithoutAdapterIsRefusedAtTheDoorUntilThereIsOne) {
  auto service = start();
  const auto refused = service.execute(execute_body("e-1"), "swap");
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("adapter_unavailable"), std::string::npos) << refused.body;
  const auto ready = service.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("there is no adapter"), std::string::npos) << ready.body;
  EXPECT_EQ(result_of(service, "e-2").at("status"), "complete") << "the other action runs";
  builds_.put(1, "swapped-1.so");
  service.process().send_signal(SIGHUP);
  const auto accepted = [&] { return service.execute(execute_body("e-3"), "swap").status == 202; };
  for (int tries = 0; tries < 1000 && !accepted(); ++tries) std::this_thread::yield();
  EXPECT_EQ(build_of("e-3"), 1);
  EXPECT_EQ(service.get("/readyz").status, 200);
}

TEST_F(AdapterSwap, ARestartRunsTheBuildThatWasSwappedIn) {
  builds_.put(1, "swapped-1.so");
  auto before = start();
  builds_.put(2, "a-swapped-2.so");
  before.process().send_signal(SIGHUP);
  ASSERT_TRUE(before.said("runs swapped 2.0.0 from"));
  ASSERT_TRUE(before.stop());
  auto after = start();
  EXPECT_EQ(build_that_runs(after, "e-1"), 2);
}

}  // namespace
}  // namespace fulfilld::integration

// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/rotating_secret.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/runtime/config/scratch_directory.hpp"

namespace fulfilld {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// The client secret of a configuration that names that source.
class RotatingSecretTest : public testing::Test {
 protected:
  RotatingSecret secret_from(const std::string& source, const Variables& variables = {}) {
    auto toml = least_toml;
    toml.replace(toml.find("env:SECRET"), std::string("env:SECRET").size(), source);
    const auto loaded = directory_.load(toml, variables);
    EXPECT_TRUE(loaded.usable()) << directory_.problems_of(loaded);
    return loaded.config.credentials.at("genesys").client_secret;
  }

  RotatingSecret secret_in_file(const std::string& text) {
    return secret_from("file:" + directory_.write("key", text).string());
  }

  const ScratchDirectory directory_;
};

std::string current(const RotatingSecret& secret) { return secret.current().reveal(); }

TEST_F(RotatingSecretTest, IsReadAnewFromItsFile) {
  const auto secret = secret_in_file("first\n");
  directory_.write("key", "second\n");
  EXPECT_EQ(current(secret), "first");
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(current(secret), "second");
}

TEST_F(RotatingSecretTest, FollowsItsFile) {
  const auto secret = secret_in_file("first");
  directory_.write("key", "second");
  EXPECT_EQ(secret.follow(), "");
  EXPECT_EQ(current(secret), "second");
}

// As Kubernetes replaces a mounted secret.
TEST_F(RotatingSecretTest, FollowsALinkToAnotherFile) {
  const auto first = directory_.write("first", "first");
  const auto second = directory_.write("second", "second");
  const auto link = directory_.path("link");
  std::filesystem::create_symlink(first, link);
  const auto secret = secret_from("file:" + link.string());
  std::filesystem::remove(link);
  std::filesystem::create_symlink(second, link);
  EXPECT_EQ(secret.follow(), "");
  EXPECT_EQ(current(secret), "second");
}

TEST_F(RotatingSecretTest, IsTheSameInAllCopies) {
  const auto secret = secret_in_file("first");
  const RotatingSecret copy = secret;  // NOLINT(performance-unnecessary-copy-initialization)
  directory_.write("key", "second");
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(current(copy), "second");
}

TEST_F(RotatingSecretTest, CountsItsChanges) {
  const auto secret = secret_in_file("first");
  EXPECT_EQ(secret.current_and_version().second, 1u);
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(secret.current_and_version().second, 1u) << "it is the same";
  directory_.write("key", "second");
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(secret.current_and_version().second, 2u);
  EXPECT_EQ(secret.current_and_version().first.reveal(), "second");
}

TEST_F(RotatingSecretTest, StaysAsItIsWhenItCannotBeRead) {
  const auto secret = secret_in_file("first-secret");
  for (const auto* spoilt : {"", "\n", "second-secret\nand a line", "sec\x01ond"}) {
    directory_.write("key", spoilt);
    const auto problem = secret.read_anew();
    EXPECT_THAT(problem, HasSubstr("the file ")) << spoilt;
    EXPECT_THAT(problem, Not(HasSubstr("sec\x01ond")));
    EXPECT_THAT(problem, Not(HasSubstr("second-secret")));
    EXPECT_EQ(current(secret), "first-secret");
  }
  std::filesystem::remove(directory_.path("key"));
  EXPECT_THAT(secret.follow(), HasSubstr("No such file"));
  EXPECT_EQ(current(secret), "first-secret");
  EXPECT_EQ(secret.current_and_version().second, 1u);
  directory_.write("key", "second-secret");
  EXPECT_EQ(secret.follow(), "");
  EXPECT_EQ(current(secret), "second-secret");
}

TEST_F(RotatingSecretTest, IsNotWaitedForInAPipe) {
  const auto secret = secret_in_file("first");
  std::filesystem::remove(directory_.path("key"));
  ASSERT_EQ(mkfifo(directory_.path("key").c_str(), 0600), 0);
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(current(secret), "first");
}

TEST_F(RotatingSecretTest, OfTheEnvironmentIsReadAnewFromTheDotenvFile) {
  directory_.write(".env", "KEY=first\n");
  const auto secret = secret_from("env:KEY");
  directory_.write(".env", "# rotated\nKEY=second\n");
  EXPECT_EQ(secret.follow(), "") << "only one in a file is looked for each time";
  EXPECT_EQ(current(secret), "first");
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(current(secret), "second");
}

TEST_F(RotatingSecretTest, OfTheEnvironmentStaysAsItIsWhenItIsGone) {
  directory_.write(".env", "KEY=first\n");
  const auto secret = secret_from("env:KEY");
  directory_.write(".env", "OTHER=second\n");
  EXPECT_THAT(secret.read_anew(), HasSubstr("KEY is not set"));
  EXPECT_EQ(current(secret), "first");
}

TEST_F(RotatingSecretTest, OfTheRealEnvironmentWinsAsEver) {
  const auto secret = secret_from("env:KEY", {{"KEY", "real"}});
  directory_.write(".env", "KEY=other\n");
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(current(secret), "real");
}

TEST_F(RotatingSecretTest, TellsOfEachChangeBeforeAnyoneHasIt) {
  const auto secret = secret_in_file("first");
  std::vector<std::string> told;
  secret.before_each_change([&told](const Secret& next) { told.push_back(next.reveal()); });
  EXPECT_EQ(secret.read_anew(), "");
  for (const auto* text : {"second", "second", "", "third"}) {
    directory_.write("key", text);
    (void)secret.read_anew();
  }
  EXPECT_THAT(told, ElementsAre("second", "third"));
}

TEST(RotatingSecret, ThatIsFixedNeverChanges) {
  const RotatingSecret secret = Secret("fixed");
  EXPECT_EQ(secret.read_anew(), "");
  EXPECT_EQ(secret.follow(), "");
  EXPECT_EQ(current(secret), "fixed");
  EXPECT_TRUE(RotatingSecret().empty());
  EXPECT_EQ(RotatingSecret().masked(), "");
  EXPECT_EQ(secret.masked(), "***");
}

TEST(RotatingSecret, IsReadByManyThreads) {
  std::atomic<int> read{0};
  const RotatingSecret secret(
      Secret("0"),
      [&read] {
        return FetchedSecret{Secret(std::to_string(++read)), {}};
      },
      /*in_file=*/true);
  std::vector<std::thread> threads;
  for (int n = 0; n < 4; ++n)
    threads.emplace_back([secret] {
      for (int turn = 0; turn < 500; ++turn) {
        EXPECT_EQ(secret.follow(), "");
        const auto [value, version] = secret.current_and_version();
        EXPECT_EQ(value.reveal(), std::to_string(version - 1)) << "an older one came in last";
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(current(secret), "2000");
}

}  // namespace
}  // namespace fulfilld

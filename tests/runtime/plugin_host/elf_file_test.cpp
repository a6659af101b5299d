// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/elf_file.hpp"

#include <fulfill/abi.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

namespace fulfilld {
namespace {

std::vector<std::byte> sound_plugin() {
  const auto path = std::filesystem::path(FULFILLD_TEST_PLUGINS) / "fixture_sound.so";
  std::vector<std::byte> bytes(std::filesystem::file_size(path));
  std::ifstream(path, std::ios::binary)
      .read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  return bytes;
}

TEST(ElfFile, FindsAnExportedSymbolsInitialValue) {
  const auto file = sound_plugin();
  const auto symbol = find_exported(file, "fulfill_adapter_v1");
  ASSERT_EQ(symbol.problem, "");
  ASSERT_GE(symbol.bytes.size(), sizeof(std::uint64_t));
  std::uint64_t magic = 0;
  std::memcpy(&magic, symbol.bytes.data(), sizeof magic);
  EXPECT_EQ(magic, FULFILL_MAGIC);
  EXPECT_TRUE(find_exported(file, "fulfill_adapter_v").bytes.empty());
  EXPECT_TRUE(find_exported(file, "malloc").bytes.empty());
}

// Under AddressSanitizer, a read outside of the file ends the test.
TEST(ElfFile, SurvivesDamageAnywhereInItsHeaders) {
  const auto sound = sound_plugin();
  std::minstd_rand random(1);
  for (int round = 0; round < 20000; ++round) {
    auto file = sound;
    // A whole copy each time, and cut now and then, so that any overrun is seen.
    if (random() % 4 == 0) file.resize(random() % file.size());
    for (int i = 0; i < 4 && !file.empty(); ++i) {
      const std::size_t place = random() % 2 == 0
                                    ? random() % std::min<std::size_t>(file.size(), 1024)
                                    : file.size() - 1 - random() % std::min<std::size_t>(file.size(), 2048);
      file[place] = static_cast<std::byte>(random());
    }
    const auto symbol = find_exported(file, "fulfill_adapter_v1");
    for (const auto byte : symbol.bytes) ASSERT_GE(static_cast<int>(byte), 0);
  }
}

}  // namespace
}  // namespace fulfilld

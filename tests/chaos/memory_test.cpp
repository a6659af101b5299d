// SPDX-License-Identifier: Apache-2.0
// Answers that are far too large, under load: the process must not hold them.
#include "tests/chaos/in_time_test.hpp"
#include "tests/chaos/memory_of.hpp"

namespace fulfilld::chaos {
namespace {

constexpr int one_in = 50;
constexpr auto huge = R"({"body":"huge","size":67108864})";
constexpr auto huge_in_chunks = R"({"body":"huge","size":67108864,"wire":"chunked"})";

TEST_F(InTimeTest, MemoryStaysFlatWhileSomeAnswersAreHuge) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "AddressSanitizer keeps what was freed";
#endif
  Figures figures("2 % of the answers 64 MiB");
  // Whoever has no processor for a while is not what this is about.
  set_text("actions.default", "deadline", "2m");
  set_text("actions.default", "retry.attempt_timeout", "1m");
  auto service = start();
  const MemoryOf memory(service.process().id());
  const int count = times(500, 10000);
  const auto warm = send_at_rate(service.port(), orders("warm", count), 100);
  wait_for_results(warm.size());
  memory.forget_peak();
  const auto before = memory.resident_mib();

  auto drawn = orders("e", count);
  for (int i = one_in / 2; i < count; i += one_in) {
    auto& large = drawn[static_cast<std::size_t>(i)];
    large = order("huge" + std::to_string(i), "default", i / one_in % 2 == 0 ? huge : huge_in_chunks);
  }
  const auto sent = send_at_rate(service.port(), drawn, 100);
  wait_for_results(warm.size() + sent.size());
  const auto peak = memory.peak_mib();

  const auto results = results_of(sent);
  figures.add(sent.size(), "executions");
  figures.add(results.failures("answer_too_large"), "of them answer_too_large");
  figures.add_decimal(before, "MiB before");
  figures.add_decimal(peak, "MiB at the peak");
  figures.add_decimal(memory.resident_mib(), "MiB after");
  figures.print();
  expect_all_accepted(sent);
  expect_one_result_each(results);
  EXPECT_EQ(results.failures("answer_too_large"), count / one_in);
  EXPECT_EQ(results.failures(), count / one_in) << results.reasons();
  EXPECT_LT(peak, before + 32) << "half of one such answer";
}

}  // namespace
}  // namespace fulfilld::chaos

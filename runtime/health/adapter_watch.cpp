// SPDX-License-Identifier: Apache-2.0
#include "runtime/health/adapter_watch.hpp"

#include <algorithm>
#include <utility>

namespace fulfilld {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_step{1500};

// The clock of a stay ticks every few milliseconds, and so may its beginning.
constexpr milliseconds tolerance{50};

}  // namespace

AdapterWatch::Verdict AdapterWatch::look(const std::vector<Stay>& stays, MonotonicTime now) {
  const auto step =
      std::min(longest_step, std::chrono::round<milliseconds>(now - std::exchange(last_look_, now).value_or(now)));
  std::vector<Seen> still;
  Verdict verdict;
  std::size_t kept = 0;
  for (auto stay : stays) {
    const auto since = now - stay.lasts;
    const auto before = std::find_if(seen_.begin(), seen_.end(), [&](const Seen& seen) {
      return seen.sequence == stay.sequence && seen.since - tolerance <= since && since <= seen.since + tolerance;
    });
    auto seen = before == seen_.end() ? Seen{stay.sequence, since, milliseconds{0}} : *before;
    seen.held += std::min(stay.lasts, step);
    still.push_back(seen);
    stay.lasts = seen.held;
    if (seen.held >= limits_.hold_after) ++kept;
    if (!verdict.hold || verdict.hold->lasts < seen.held) verdict.hold = stay;
    if (limits_.hung_after.count() > 0 && seen.held >= limits_.hung_after) verdict.hung.push_back(std::move(stay));
  }
  seen_ = std::move(still);
  if (limits_.hung_after.count() > 0 && verdict.hold)
    verdict.hung_in = std::max(milliseconds{1}, limits_.hung_after - verdict.hold->lasts);
  // Soon enough, too, that what the other threads have under way can end before the process does.
  const bool nearly_hung =
      limits_.hung_after.count() > 0 && verdict.hold && verdict.hold->lasts >= limits_.hung_after / 2;
  if (kept < limits_.threads && !nearly_hung) verdict.hold.reset();
  return verdict;
}

}  // namespace fulfilld

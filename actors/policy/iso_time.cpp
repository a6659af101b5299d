// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/iso_time.hpp"

#include <cstddef>
#include <cstdint>

namespace fulfilld {
namespace {

/// The last digits of `value`, as many as there is room for.
void put_digits(std::string& text, std::size_t begin, std::size_t count, std::int64_t value) {
  for (std::size_t at = begin + count; at-- > begin; value /= 10) text[at] = static_cast<char>('0' + value % 10);
}

}  // namespace

std::string iso_time(WallTime time) {
  using namespace std::chrono;
  const auto midnight = floor<days>(time);
  const year_month_day date{midnight};
  const hh_mm_ss clock{time - midnight};
  std::string text = "0000-00-00T00:00:00.000Z";
  put_digits(text, 0, 4, static_cast<int>(date.year()));
  put_digits(text, 5, 2, static_cast<unsigned>(date.month()));
  put_digits(text, 8, 2, static_cast<unsigned>(date.day()));
  put_digits(text, 11, 2, clock.hours().count());
  put_digits(text, 14, 2, clock.minutes().count());
  put_digits(text, 17, 2, clock.seconds().count());
  put_digits(text, 20, 3, clock.subseconds().count());
  return text;
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <string_view>

#include "actors/url.hpp"
#include "runtime/url/parse_url.hpp"

namespace fulfilld {

/// Parses URLs and remembers the latest few: an adapter calls the same ones thousands of times a second. Any thread.
class UrlCache {
 public:
  [[nodiscard]] ParsedUrl parse(std::string_view text);

 private:
  std::mutex mutex_;
  std::array<Url, 16> slots_;  // by hash of the text; a newcomer takes the place
};

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace fulfilld {

/// Names executions. One thread at a time.
class ExecutionIds {
 public:
  /// The last segment of the path in `target` (path and query of a URL) if it is 1 to 128 of [A-Za-z0-9._-] and
  /// neither "." nor ".."; else 128 random bits as 32 hexadecimal digits.
  [[nodiscard]] std::string id_for(std::string_view target);

 private:
  [[nodiscard]] std::string random_id();

  std::optional<std::mt19937_64> random_;  ///< made when first needed
};

}  // namespace fulfilld

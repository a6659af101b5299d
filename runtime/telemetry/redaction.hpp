// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fulfilld {

/// Replaces known secrets in free text by `***`: the last net under adapters and libraries that put one into a
/// message. Secrets below 6 characters are not looked for, they would hit ordinary words. Copies know the same secrets.
/// Any thread.
class Redaction {
 public:
  explicit Redaction(std::vector<std::string> secrets);

  /// One more secret. Those it was made with stay known; of those added since, the newest hundred.
  void add(std::string secret);

  /// The text without the secrets of this process, and without `also` (an execution's own token).
  [[nodiscard]] std::string clean(std::string_view text, std::string_view also = {}) const;

 private:
  struct Known;
  std::shared_ptr<Known> known_;
};

}  // namespace fulfilld

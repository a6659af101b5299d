// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/policy/secret_finder.hpp"

namespace fulfilld {

/// The secrets of this process, which must not leave it but in requests: replaces them by `***` in whatever others may
/// have put them into. The edges feed it (configured secrets, fetched tokens), and it is asked wherever a text becomes
/// durable or visible: the message of a failure, reports of progress, log lines, answers about readiness. Results of
/// `complete` are the backend's data, and pass as they are. Copies know the same secrets. Any thread.
class Redaction {
 public:
  /// Knows none.
  Redaction() : Redaction(std::vector<std::string>{}) {}

  /// Knows these for good.
  explicit Redaction(const std::vector<std::string>& secrets);

  /// One more secret. Of each owner, a name, the newest eight are known: what is under way may still use an old one.
  void learn(const std::string& owner, std::string secret) const;

  /// The text without the secrets of this process, and without those in `also`, as they were sent.
  [[nodiscard]] std::string clean(std::string_view text, const std::vector<std::string>& also = {}) const;

  /// The same for JSON, which stays JSON: a string is masked inside, any other value that tells a secret as a whole.
  [[nodiscard]] std::string clean_json(std::string_view json, const std::vector<std::string>& also = {}) const;

 private:
  struct Known;
  std::shared_ptr<Known> known_;
};

}  // namespace fulfilld

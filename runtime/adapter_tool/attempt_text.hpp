// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "runtime/adapter_tool/witness.hpp"

namespace fulfilld {

/// How an attempt ended, for a person: "200", "reset (Connection reset by peer)".
[[nodiscard]] inline std::string end_of(const Attempt& attempt) {
  const auto name = [](HttpFailure failure) {
    switch (failure) {
      case HttpFailure::none:
        return "answered";
      case HttpFailure::resolve:
        return "name not resolved";
      case HttpFailure::connect:
        return "no connection";
      case HttpFailure::tls:
        return "TLS failed";
      case HttpFailure::timeout:
        return "timeout";
      case HttpFailure::reset:
        return "reset";
      case HttpFailure::bad_answer:
        return "not HTTP";
      case HttpFailure::too_large:
        return "answer too large";
      case HttpFailure::no_socket:
        return "no socket to be had";
      case HttpFailure::cancelled:
        return "cancelled";
      case HttpFailure::turned_away:
        return "not made";
    }
    return "unknown";
  };
  if (attempt.failure == HttpFailure::none) return std::to_string(attempt.status);
  return std::string(name(attempt.failure)) + (attempt.detail.empty() ? "" : " (" + attempt.detail + ")");
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "runtime/ingress/execute_body.hpp"
#include "runtime/ingress/execution_id.hpp"

namespace fulfilld {

/// Buffers that a connection keeps from one request to the next, so that a request of usual size allocates nothing.
struct RequestScratch {
  /// A body above this is parsed in turn with other large ones, and its buffer is given back at once.
  static constexpr std::size_t kept_body = 64 * 1024;

  std::string body;
  std::string answer;
  ExecuteBodyParser parser;
  ExecutionIds ids;

  void give_back_large_buffers() {
    if (body.capacity() > 2 * kept_body) body = {};
  }
};

}  // namespace fulfilld

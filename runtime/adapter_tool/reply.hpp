// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// What the loopback server does with a request.
struct Reply {
  enum class Manner {
    whole,          ///< answers at once
    late,           ///< answers after `delay`
    hang,           ///< takes the request and says nothing
    drip,           ///< one byte each `delay`
    reset_in_head,  ///< breaks off within the status line
    reset_in_body,  ///< breaks off in the middle of the body
  };

  Manner manner = Manner::whole;
  std::chrono::milliseconds delay{0};
  int status = 200;
  std::vector<HttpField> fields;
  std::string body;
};

}  // namespace fulfilld

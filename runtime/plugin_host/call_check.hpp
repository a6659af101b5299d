// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <string>

#include "actors/ports/adapter.hpp"
#include "runtime/plugin_host/url_cache.hpp"

namespace fulfilld {

/// A call that may be made, or why it may not.
struct CheckedCall {
  AdapterCall call;
  bool has_own_key = false;  ///< the adapter set an Idempotency-Key itself
  std::string problem;       ///< a sentence; empty: it may be made
};

/// Turns what an adapter asks for into a call. Nothing of it is trusted: the URL is parsed, the method and each field
/// name must be a token, each field value free of control characters (RFC 9110, 5.5 and 5.6.2), and what belongs to
/// the connection is refused. An Authorization field becomes `HttpRequest::authorization`, which is never logged.
/// `execution` lends its data: a body that is exactly that is shared, not copied.
[[nodiscard]] CheckedCall check_call(const fulfill_request_v1& wanted, const ExecutionPtr& execution, UrlCache& urls);

}  // namespace fulfilld

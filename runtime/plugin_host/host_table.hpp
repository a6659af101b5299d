// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include "runtime/plugin_host/plugin_run.hpp"

namespace fulfilld {

/// The functions that a plugin may call, and the way from their opaque `caller` to the run. No exception leaves them.
class HostTable {
 public:
  [[nodiscard]] static const fulfill_host_v1& functions() noexcept;
  [[nodiscard]] static fulfill_caller* caller(PluginRun& run) noexcept;

 private:
  static std::uint64_t http(fulfill_caller* caller, const fulfill_request_v1* request,
                            fulfill_failure* failure) noexcept;
  static std::uint64_t sleep(fulfill_caller* caller, std::int64_t milliseconds, fulfill_failure* failure) noexcept;
  static std::uint64_t blocking(fulfill_caller* caller, const fulfill_work_v1* work, fulfill_failure* failure) noexcept;
  static void progress(fulfill_caller* caller, fulfill_text json) noexcept;
  static void log(fulfill_caller* caller, std::int32_t level, fulfill_text text) noexcept;
  static std::int32_t secret(fulfill_caller* caller, fulfill_text name, fulfill_text* value) noexcept;
  static void complete(fulfill_caller* caller, fulfill_text json, std::uint32_t source) noexcept;
  static void fail(fulfill_caller* caller, fulfill_text code, fulfill_text message) noexcept;
};

}  // namespace fulfilld

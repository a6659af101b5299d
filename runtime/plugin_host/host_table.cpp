// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/host_table.hpp"

#include <exception>

#include "runtime/plugin_host/lent_text.hpp"

namespace fulfilld {
namespace {

PluginRun& run_of(fulfill_caller* caller) noexcept { return *reinterpret_cast<PluginRun*>(caller); }

}  // namespace

fulfill_caller* HostTable::caller(PluginRun& run) noexcept { return reinterpret_cast<fulfill_caller*>(&run); }

const fulfill_host_v1& HostTable::functions() noexcept {
  static constexpr fulfill_host_v1 kFunctions = {
      sizeof(fulfill_host_v1), http, sleep, progress, log, secret, complete, fail, blocking};
  return kFunctions;
}

std::uint64_t HostTable::http(fulfill_caller* caller, const fulfill_request_v1* request,
                              fulfill_failure* failure) noexcept {
  PluginRun& run = run_of(caller);
  try {
    return run.http(*request, *failure);
  } catch (const std::exception& exception) {
    run.fault(exception.what());
    return run.refuse(Reason::internal_error, {}, *failure);
  }
}

std::uint64_t HostTable::sleep(fulfill_caller* caller, std::int64_t milliseconds, fulfill_failure* failure) noexcept {
  PluginRun& run = run_of(caller);
  try {
    return run.sleep(milliseconds, *failure);
  } catch (const std::exception& exception) {
    run.fault(exception.what());
    return run.refuse(Reason::internal_error, {}, *failure);
  }
}

std::uint64_t HostTable::blocking(fulfill_caller* caller, const fulfill_work_v1* work,
                                  fulfill_failure* failure) noexcept {
  PluginRun& run = run_of(caller);
  try {
    return run.blocking(*work, *failure);
  } catch (const std::exception& exception) {
    run.fault(exception.what());
    return run.refuse(Reason::internal_error, {}, *failure);
  }
}

void HostTable::progress(fulfill_caller* caller, fulfill_text json) noexcept {
  PluginRun& run = run_of(caller);
  try {
    run.progress(view(json));
  } catch (const std::exception& exception) {
    run.fault(exception.what());
  }
}

void HostTable::log(fulfill_caller* caller, std::int32_t level, fulfill_text text) noexcept {
  PluginRun& run = run_of(caller);
  try {
    run.log(level, view(text));
  } catch (const std::exception& exception) {
    run.fault(exception.what());
  }
}

std::int32_t HostTable::secret(fulfill_caller* caller, fulfill_text name, fulfill_text* value) noexcept {
  PluginRun& run = run_of(caller);
  try {
    return run.secret(view(name), *value) ? 1 : 0;
  } catch (const std::exception& exception) {
    run.fault(exception.what());
    return 0;
  }
}

void HostTable::complete(fulfill_caller* caller, fulfill_text json, std::uint32_t source) noexcept {
  PluginRun& run = run_of(caller);
  try {
    run.complete(view(json), source);
  } catch (const std::exception& exception) {
    run.fault(exception.what());
  }
}

void HostTable::fail(fulfill_caller* caller, fulfill_text code, fulfill_text message) noexcept {
  PluginRun& run = run_of(caller);
  try {
    run.fail(view(code), view(message));
  } catch (const std::exception& exception) {
    run.fault(exception.what());
  }
}

}  // namespace fulfilld

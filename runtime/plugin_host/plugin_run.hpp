// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/ports/adapter.hpp"
#include "runtime/plugin_host/plugin_adapter.hpp"

namespace fulfilld {

/// One execution inside a plugin: turns the port's calls into the C ABI's and back, and trusts nothing that comes back.
class PluginRun final : public AdapterRun {
 public:
  PluginRun(std::shared_ptr<PluginAdapter> adapter, AdapterHost& host, ExecutionPtr execution, MonotonicTime deadline);
  PluginRun(const PluginRun&) = delete;
  PluginRun& operator=(const PluginRun&) = delete;
  ~PluginRun() override;

  void start() override;
  void http_done(OperationId operation, const HttpAnswer& answer) override;
  void done(OperationId operation) override;

 private:
  friend class HostTable;  // forwards the C functions to the ones below

  OperationId http(const fulfill_request_v1& wanted, fulfill_failure& failure);
  OperationId sleep(std::int64_t milliseconds, fulfill_failure& failure);
  OperationId blocking(const fulfill_work_v1& work, fulfill_failure& failure);
  void progress(std::string_view json);
  void log(std::int32_t level, std::string_view text);
  bool secret(std::string_view name, fulfill_text& value) const;
  void complete(std::string_view json, std::uint32_t source);
  void fail(std::string_view code, std::string_view message);
  /// A defect of the host itself, met inside a host function.
  void fault(const char* what);

  /// Why no operation can be begun now; empty: one can.
  [[nodiscard]] std::string refusal_to_begin() const;
  OperationId begun(OperationId operation);
  OperationId refuse(Reason reason, std::string message, fulfill_failure& failure);
  /// Forgets an operation; false if it is not one that the plugin waits for.
  bool take(OperationId operation);
  void end_failed(Reason reason, std::string code, std::string message);

  std::shared_ptr<PluginAdapter> adapter_;
  AdapterHost& host_;
  ExecutionPtr execution_;
  MonotonicTime deadline_;
  fulfill_run* run_ = nullptr;  // the plugin's; null before `start`
  std::vector<OperationId> pending_;
  std::uint32_t idempotent_calls_ = 0;
  std::uint32_t log_lines_ = 0;
  std::uint32_t progress_reports_ = 0;
  bool ended_ = false;
  std::string refusal_;  // what the latest `fulfill_failure` points to
};

}  // namespace fulfilld

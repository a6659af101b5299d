// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <memory>

#include "actors/ports/blocking_threads.hpp"
#include "runtime/plugin_host/plugin_adapter.hpp"

namespace fulfilld {

/// A plugin's work that may block. It holds the adapter, so that neither that nor its library goes before the work
/// does.
class PluginWork final : public BlockingWork {
 public:
  /// Copies single fields: a plugin's struct may be shorter than the host's own.
  PluginWork(std::shared_ptr<PluginAdapter> adapter, const fulfill_work_v1& work);
  PluginWork(const PluginWork&) = delete;
  PluginWork& operator=(const PluginWork&) = delete;
  ~PluginWork() override { release_(state_); }

  /// Of a plugin from before SDK 1.1 there is one attempt only.
  WorkAttempt run() noexcept override;

 private:
  std::shared_ptr<PluginAdapter> adapter_;
  void* state_;
  void (*run_)(void*);
  void (*release_)(void*);
  void (*attempt_)(void*, fulfill_attempt_v1*) = nullptr;
};

}  // namespace fulfilld

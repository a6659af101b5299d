// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/abi.h>

#include <memory>
#include <utility>

#include "actors/ports/blocking_threads.hpp"
#include "runtime/plugin_host/plugin_adapter.hpp"

namespace fulfilld {

/// A plugin's work that may block. It holds the adapter, so that neither that nor its library goes before the work
/// does.
class PluginWork final : public BlockingWork {
 public:
  PluginWork(std::shared_ptr<PluginAdapter> adapter, const fulfill_work_v1& work)
      : adapter_(std::move(adapter)), work_(work) {}
  PluginWork(const PluginWork&) = delete;
  PluginWork& operator=(const PluginWork&) = delete;
  ~PluginWork() override { work_.release(work_.state); }

  void run() noexcept override { work_.run(work_.state); }

 private:
  std::shared_ptr<PluginAdapter> adapter_;
  fulfill_work_v1 work_;
};

}  // namespace fulfilld

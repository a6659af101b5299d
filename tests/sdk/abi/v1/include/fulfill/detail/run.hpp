// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fulfill/abi.h>
#include <fulfill/context.hpp>
#include <fulfill/error.hpp>
#include <fulfill/input.hpp>
#include <fulfill/result.hpp>
#include <fulfill/settings.hpp>
#include <fulfill/task.hpp>

namespace fulfill {

class Adapter;

namespace detail {

/// An adapter and the settings that it was made from. Immutable once made.
class Instance {
 public:
  explicit Instance(Settings settings) : settings_(std::move(settings)) {}
  [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
  [[nodiscard]] const Adapter& adapter() const noexcept { return *adapter_; }

  /// Makes the adapter; throws what its constructor throws, and SettingError for what it did not ask for.
  template <typename Type>
  void make() {
    if constexpr (std::is_constructible_v<Type, const Settings&>) {
      adapter_ = std::make_shared<Type>(settings_);
    } else {
      (void)settings_.url("base_url", "");  // an adapter that reads no settings may still call paths
      adapter_ = std::make_shared<Type>();
    }
    settings_.seal();
  }

 private:
  Settings settings_;
  std::shared_ptr<const Adapter> adapter_;  // shared: knows the destructor of `Type` while Adapter is incomplete
};

/// One execution: the outermost coroutine, and the way from it to the host. Exceptions stop here.
class Run {
 public:
  Run(const Instance& instance, const fulfill_start_v1& start) noexcept
      : host_(*start.host),
        caller_(start.caller),
        instance_(instance),
        input_(view(start.input), view(start.action), view(start.execution_id)),
        context_(start, instance.settings()) {}

  void start() noexcept;

  void done(std::uint64_t operation, const fulfill_answer_v1* answer) noexcept {
    guarded([&] { context_.waiting().done(operation, answer); });
  }

 private:
  static std::string_view view(fulfill_text text) noexcept { return {text.data, text.size}; }
  static fulfill_text lend(std::string_view text) noexcept { return {text.data(), text.size()}; }
  void fail(std::string_view code, std::string_view message) const noexcept {
    host_.fail(caller_, lend(code), lend(message));
  }

  /// Runs a step of the coroutine, and reports the end if that was the last one.
  template <typename Step>
  void guarded(Step step) noexcept {
    if (ended_) return;
    try {
      step();
      if (task_ && task_->done()) {
        const Result result = task_->take();
        end();
        host_.complete(caller_, lend(result.text()),
                       result.from_backend() ? FULFILL_RESULT_FROM_BACKEND : FULFILL_RESULT_OWN);
      } else if (context_.waiting().empty()) {
        end();
        fail("adapter_fault", "the adapter waits for something that fulfilld does not know of");
      }
    } catch (const Failed& failed) {
      end();
      fail(failed.code(), failed.message());
    } catch (const std::exception& exception) {
      end();
      fail("adapter_fault", exception.what());
    } catch (...) {
      end();
      fail("adapter_fault", "the adapter threw something that is not a std::exception");
    }
  }

  /// The coroutine's frame goes before the host hears of the end.
  void end() noexcept {
    ended_ = true;
    task_.reset();
  }

  const fulfill_host_v1& host_;
  fulfill_caller* caller_;
  const Instance& instance_;
  Input input_;
  Context context_;
  std::optional<Task<Result>> task_;  // after context_: its frame refers to it
  bool ended_ = false;
};

}  // namespace detail
}  // namespace fulfill

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fulfill/adapter.hpp>

#include <atomic>

namespace fulfill::testing {

/// An adapter that is one function, a coroutine.
template <Task<Result> (*Body)(Context&)>
class SingleFunction final : public Adapter {
  Task<Result> fulfil(Input, Context& context) const override { return Body(context); }
};

/// The descriptor of the adapter that is `Body`, for a ScriptedCaller.
template <Task<Result> (*Body)(Context&)>
constexpr fulfill_descriptor_v1 kAdapterOf = fulfill::detail::describe<SingleFunction<Body>>("sample", "1.0.0");

/// Counts those of its kind that are alive, on whatever thread: adapters are made by the SDK, so the count is global.
class Witness {
 public:
  Witness() noexcept { ++count_; }
  Witness(const Witness&) noexcept { ++count_; }
  Witness& operator=(const Witness&) = default;
  ~Witness() { --count_; }

  [[nodiscard]] static int alive() noexcept { return count_; }

 private:
  static inline std::atomic<int> count_ = 0;
};

}  // namespace fulfill::testing

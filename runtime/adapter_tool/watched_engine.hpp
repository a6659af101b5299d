// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "actors/ports/http_engine.hpp"
#include "actors/url.hpp"
#include "runtime/adapter_tool/witness.hpp"

namespace fulfilld {

/// Header line by which a call carries its number from the adapter to the engine; it is never sent.
[[nodiscard]] std::string call_number_line(std::size_t call);

/// An engine before another one: its attempts are witnessed, and may go elsewhere than where they were sent.
class WatchedEngine final : public HttpEngine {
 public:
  /// Where an attempt goes instead; nothing: where it was sent. Any thread.
  using Redirect = std::function<std::optional<Url>(const Attempt&)>;

  /// `engine` outlives all that is started here; it ends before this does.
  explicit WatchedEngine(HttpEngine& engine) : engine_(engine) {}

  /// Of all that is started from now on.
  void watch(WitnessPtr witness, Redirect redirect);

  void start(std::shared_ptr<HttpExchange> exchange) override;

 private:
  HttpEngine& engine_;
  std::mutex mutex_;  ///< guards all below
  WitnessPtr witness_;
  Redirect redirect_;
  std::map<std::size_t, std::uint32_t> attempts_;  ///< by call
};

}  // namespace fulfilld

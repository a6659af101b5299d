// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "actors/ports/http_engine.hpp"

namespace fulfilld::testing {

/// What a test asks of the engine that it is given.
struct EngineOptions {
  std::string ca_file;                                    ///< authorities to trust
  std::map<std::string, std::vector<std::string>> hosts;  ///< all names that there are, with their addresses
};

/// An engine with all that it needs to run.
class EngineUnderTest {
 public:
  virtual ~EngineUnderTest() = default;
  virtual HttpEngine& engine() = 0;
  /// Ends all that is in flight with `cancelled`; returns when it has been handed back.
  virtual void stop() = 0;
};

/// A kind of engine that the conformance suite runs against.
struct EngineKind {
  std::string name;
  std::function<std::unique_ptr<EngineUnderTest>(const EngineOptions&)> make;
};
inline void PrintTo(const EngineKind& kind, std::ostream* out) { *out << kind.name; }

/// Each kind is one source file beside this one.
[[nodiscard]] EngineKind asio_engine_kind();

}  // namespace fulfilld::testing

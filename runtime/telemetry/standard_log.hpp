// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "actors/ports/observer.hpp"
#include "actors/redaction.hpp"
#include "runtime/config/config.hpp"
#include "runtime/telemetry/log_line.hpp"

namespace fulfilld {

/// The log of the service: `settings` say how, standard output is where to, and what `redaction` knows does not get in.
/// A reader of standard output that stalls costs lines, not time (DescriptorSink). Ignore SIGPIPE first.
[[nodiscard]] std::unique_ptr<Observer> make_standard_log(const LogSettings& settings, Redaction redaction);

/// How its lines are written.
[[nodiscard]] LogFormat standard_log_format(const LogSettings& settings) noexcept;

/// The level of that name; `info` for any other (the configuration has checked it).
[[nodiscard]] LogLevel log_level(std::string_view name) noexcept;

}  // namespace fulfilld

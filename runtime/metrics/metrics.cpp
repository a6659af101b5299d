// SPDX-License-Identifier: Apache-2.0
#include "runtime/metrics/metrics.hpp"

#include <string>

namespace fulfilld {

Metrics::Metrics(const MetricsSettings& settings, Observer& log)
    : both_({&log, &counted_}), listener_(settings.address, settings.port.value(), [this] { return counted_.text(); }) {
  log.event(LogLevel::info, "metrics",
            "GET /metrics is answered on " + settings.address + " port " + std::to_string(port()));
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/ingress/answer.hpp"
#include "runtime/ingress/ingress.hpp"

namespace fulfilld {

/// The answer to `GET /healthz`.
[[nodiscard]] Answer alive_answer();

/// The answer to `GET /readyz`: 200 if every check is ready, else 503, each check by name and why it is not ready.
[[nodiscard]] Answer readiness_answer(const Readiness& readiness);

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/ingress/answer.hpp"
#include "runtime/ingress/ingress.hpp"

namespace fulfilld {

/// The answer to `GET /healthz`: 200, or 503 while nothing is admitted as nothing could be worked on (`held`).
[[nodiscard]] Answer alive_answer(bool held);

/// The answer to `GET /readyz`: 200 if every check is ready, else 503, each check by name and why it is not ready.
[[nodiscard]] Answer readiness_answer(const Readiness& readiness);

}  // namespace fulfilld

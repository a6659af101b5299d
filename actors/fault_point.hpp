// SPDX-License-Identifier: Apache-2.0
#pragma once

/// FULFILLD_FAULT_POINT("accept.before_write"): a place where the tests in tests/chaos kill the process, or the actor
/// that passes it. Nothing at all, except in the program that they build for it.
#ifdef FULFILLD_FAULT_POINTS

namespace fulfilld {

/// Kills the process by SIGKILL at the hit that the environment asks for: FULFILLD_FAULT=NAME:HIT, the first hit of a
/// point is 1. With FULFILLD_FAULT=NAME:HIT:throw it throws instead, at every HIT-th hit. Any thread.
void pass_fault_point(const char* name);

}  // namespace fulfilld

#define FULFILLD_FAULT_POINT(name) ::fulfilld::pass_fault_point(name)
#else
#define FULFILLD_FAULT_POINT(name) static_cast<void>(0)
#endif

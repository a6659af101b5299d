// SPDX-License-Identifier: Apache-2.0
// The test kit: an adapter in a plain GoogleTest. No host, no network, no waiting. Wants GoogleTest (Debian:
// libgtest-dev) and nlohmann/json.
#pragma once

#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <fulfill/testing/bench.hpp>
#include <fulfill/testing/outcome.hpp>
#include <fulfill/testing/recorded.hpp>
#include <fulfill/testing/script.hpp>

// SPDX-License-Identifier: Apache-2.0
// Everything about backend calls.
#pragma once

#include <fulfill/request.hpp>
#include <fulfill/response.hpp>

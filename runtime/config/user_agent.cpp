// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/user_agent.hpp"

namespace fulfilld {

std::string default_user_agent() { return "fulfilld/" FULFILLD_VERSION; }

}  // namespace fulfilld

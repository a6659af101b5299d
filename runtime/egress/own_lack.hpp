// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/system/error_code.hpp>

namespace fulfilld {

/// True if a socket could not be had, or not be connected, for want of something that is this machine's own:
/// descriptors, ports, memory. It says nothing about whom it was to reach.
[[nodiscard]] bool is_own_lack(const boost::system::error_code& error) noexcept;

/// The same of a value of errno.
[[nodiscard]] bool is_own_lack(int error) noexcept;

/// Why no descriptor can be had right now, as a value of errno; 0 if one can. For what failed without saying why.
[[nodiscard]] int lack_of_descriptors() noexcept;

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/own_lack.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace fulfilld {

bool is_own_lack(const boost::system::error_code& error) noexcept {
  return error.category() == boost::system::system_category() && is_own_lack(error.value());
}

bool is_own_lack(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM || error == EADDRNOTAVAIL;
}

int lack_of_descriptors() noexcept {
  const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return is_own_lack(errno) ? errno : 0;
  close(descriptor);
  return 0;
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <stdexcept>

namespace fulfilld::testing {

/// As long as it lives, this process gets no descriptor that it does not have already.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    const int lowest_free = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (lowest_free < 0 || close(lowest_free) != 0 || getrlimit(RLIMIT_NOFILE, &before_) != 0)
      throw std::runtime_error("no descriptor to begin with");
    rlimit none = before_;
    none.rlim_cur = static_cast<rlim_t>(lowest_free);
    if (setrlimit(RLIMIT_NOFILE, &none) != 0) throw std::runtime_error("the limit of descriptors cannot be set");
  }
  ~NoMoreDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;

 private:
  rlimit before_{};
};

}  // namespace fulfilld::testing

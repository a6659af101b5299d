// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "tests/integration/process.hpp"

namespace fulfilld::integration {

/// The receiving end of sd_notify(3), as systemd has it.
class NotifySocket {
 public:
  /// Makes the socket `notify` in the directory. Throws std::runtime_error.
  explicit NotifySocket(const std::filesystem::path& directory);
  NotifySocket(const NotifySocket&) = delete;
  NotifySocket& operator=(const NotifySocket&) = delete;
  ~NotifySocket();

  /// For $NOTIFY_SOCKET.
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// The next message, or an empty text if none comes within `limit`.
  [[nodiscard]] std::string receive(std::chrono::milliseconds limit = patience) const;

 private:
  std::string path_;
  int socket_;
};

}  // namespace fulfilld::integration

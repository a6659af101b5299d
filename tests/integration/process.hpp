// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace fulfilld::integration {

/// How long anything may take before a test gives up on it: never the expected time.
inline constexpr std::chrono::seconds patience{30};

/// How to start a program.
struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  ///< all of it: nothing is inherited
  std::filesystem::path directory;                 ///< empty: that of this process
};

/// How a program ended.
struct Exit {
  int status = 0;  ///< of exit()
  int signal = 0;  ///< that killed it, or 0
};

/// A child process. It dies with the thread that started it, and is killed by the destructor.
class Process {
 public:
  /// `on_line` gets each line that the program writes to its standard output or error, `on_end` is called after the
  /// last one: on a thread of their own, and all is over when `wait` (with a result) or `kill` returns. Throws
  /// std::system_error if the program cannot be run.
  Process(const Command& command, std::function<void(std::string line)> on_line, std::function<void()> on_end);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  [[nodiscard]] pid_t id() const noexcept { return id_; }

  void send_signal(int signal) const;

  /// Empty if it still runs after `limit`.
  [[nodiscard]] std::optional<Exit> wait(std::chrono::milliseconds limit = patience);

  /// SIGKILL, and waits for its end.
  void kill();

 private:
  pid_t id_ = -1;
  int exit_watch_ = -1;  ///< a pidfd
  std::optional<Exit> exit_;
  std::thread reader_;
};

/// The environment of this process, for a program that needs PATH and the like.
[[nodiscard]] std::map<std::string, std::string> inherited_environment();

}  // namespace fulfilld::integration

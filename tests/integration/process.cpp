// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX wants it declared by the user

namespace fulfilld::integration {
namespace {

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// A pipe's two ends, closed unless released.
class Pipe {
 public:
  Pipe() {
    if (pipe2(ends_.data(), O_CLOEXEC) != 0) throw_errno("pipe");
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    for (const int end : ends_)
      if (end >= 0) close(end);
  }
  [[nodiscard]] int write_end() const noexcept { return ends_[1]; }
  [[nodiscard]] int release_read_end() noexcept { return std::exchange(ends_[0], -1); }

 private:
  std::array<int, 2> ends_{-1, -1};
};

void read_lines(int descriptor, const std::function<void(std::string)>& on_line) {
  std::string pending;
  std::array<char, 8192> buffer{};
  ssize_t got = 0;
  while ((got = read(descriptor, buffer.data(), buffer.size())) > 0 || (got < 0 && errno == EINTR)) {
    if (got < 0) continue;
    pending.append(buffer.data(), static_cast<std::size_t>(got));
    std::size_t end = 0;
    while ((end = pending.find('\n')) != std::string::npos) {
      on_line(pending.substr(0, end));
      pending.erase(0, end + 1);
    }
  }
  if (!pending.empty()) on_line(std::move(pending));
  close(descriptor);
}

/// Pointers as exec wants them; `strings` outlives them.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (auto& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// In the child, between fork and exec: only what is safe there.
[[noreturn]] void become(const char* program, char* const* arguments, char* const* environment, const char* directory,
                         int output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  // A terminal's Ctrl-C reaches the parent alone, which decides what to make of it.
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  if (*directory != '\0' && chdir(directory) != 0) _exit(126);
  execve(program, arguments, environment);
  _exit(127);
}

}  // namespace

Process::Process(const Command& command, std::function<void(std::string line)> on_line, std::function<void()> on_end) {
  if (access(command.program.c_str(), X_OK) != 0) throw_errno(command.program);
  std::vector<std::string> arguments{command.program.string()};
  arguments.insert(arguments.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> environment;
  environment.reserve(command.environment.size());
  for (const auto& [name, value] : command.environment)
    environment.push_back(std::string(name).append("=").append(value));
  const auto argument_pointers = pointers(arguments);
  const auto environment_pointers = pointers(environment);

  Pipe output;
  const auto parent = getpid();
  id_ = fork();
  if (id_ < 0) throw_errno("fork");
  if (id_ == 0)
    become(command.program.c_str(), argument_pointers.data(), environment_pointers.data(), command.directory.c_str(),
           output.write_end(), parent);
  exit_watch_ = static_cast<int>(syscall(SYS_pidfd_open, id_, 0));
  reader_ = std::thread([descriptor = output.release_read_end(), each = std::move(on_line), last = std::move(on_end)] {
    read_lines(descriptor, each);
    last();
  });
}

Process::~Process() {
  kill();
  close(exit_watch_);
}

void Process::send_signal(int signal) const {
  if (!exit_) ::kill(id_, signal);
}

std::optional<Exit> Process::wait(std::chrono::milliseconds limit) {
  if (exit_) return exit_;
  pollfd watch{exit_watch_, POLLIN, 0};
  const auto end = std::chrono::steady_clock::now() + limit;
  int ready = 0;
  do {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    ready = poll(&watch, 1, std::max(0, static_cast<int>(left.count())));
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0) return std::nullopt;
  int status = 0;
  waitpid(id_, &status, 0);
  exit_ = WIFEXITED(status) ? Exit{WEXITSTATUS(status), 0} : Exit{0, WTERMSIG(status)};
  reader_.join();
  return exit_;
}

void Process::kill() {
  if (exit_) return;
  send_signal(SIGKILL);
  while (!wait(patience)) continue;
}

std::map<std::string, std::string> inherited_environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) result[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return result;
}

}  // namespace fulfilld::integration

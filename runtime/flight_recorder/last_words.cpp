// SPDX-License-Identifier: Apache-2.0
#include "runtime/flight_recorder/last_words.hpp"

#include <cxxabi.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <typeinfo>

#include "runtime/flight_recorder/alternate_stack.hpp"
#include "runtime/flight_recorder/mapped_flight_recorder.hpp"

namespace fulfilld {
namespace {

struct FatalSignal {
  int number;
  std::string_view name;
};
constexpr std::array fatal_signals{FatalSignal{SIGSEGV, "SIGSEGV"}, FatalSignal{SIGBUS, "SIGBUS"},
                                   FatalSignal{SIGILL, "SIGILL"}, FatalSignal{SIGFPE, "SIGFPE"},
                                   FatalSignal{SIGABRT, "SIGABRT"}};

// Set before the handlers are.
int output = STDOUT_FILENO;
LastLine::Form form = LastLine::Form::json;
std::array<struct sigaction, fatal_signals.size()> before;

/// Why this thread gives up; plain, so that the handler may read it.
thread_local const char* cause = nullptr;

void name_stay(LastLine& line, const LastStay& stay) noexcept {
  if (stay.sequence == 0) {
    std::array<char, 17> thread{};
    prctl(PR_GET_NAME, thread.data());
    line.field("thread", thread.data());
    return;
  }
  line.field("execution", stay.execution.data());
  line.field("action", stay.action.data());
  line.field("adapter", stay.adapter.data());
  line.number("sequence", stay.sequence);
}

/// A fault of this very thread, or a signal that it has sent itself, as abort() does.
bool is_own(const siginfo_t& info) noexcept {
  return info.si_code > 0 || (info.si_code == SI_TKILL && info.si_pid == getpid());
}

void on_fatal_signal(int number, siginfo_t* info, void* /*context*/) noexcept {
  const int error = errno;
  const auto signal = std::find_if(fatal_signals.begin(), fatal_signals.end(),
                                   [number](const FatalSignal& each) { return each.number == number; });
  // Whatever comes now, it is the end: also a fault in here.
  sigaction(number, &before[static_cast<std::size_t>(signal - fatal_signals.begin())], nullptr);
  const bool own = is_own(*info);
  LastLine line = last_line("crashed");
  line.field("signal", signal->name);
  name_stay(line, MappedFlightRecorder::last_stay_of_this_thread(own));
  if (!own) line.number("sent_by_process", static_cast<unsigned long long>(info->si_pid));
  if (cause != nullptr) line.field("cause", cause);
  if ((number == SIGSEGV || number == SIGBUS) && info->si_code > 0 && AlternateStack::is_overflow(info->si_addr))
    line.field("cause", "the stack has overflown");
  speak(line);
  errno = error;
  // A fault comes again as soon as this returns; what was sent does not.
  if (info->si_code <= 0) raise(number);
}

/// What it says is not told: it may hold what no log may.
[[noreturn]] void on_terminate() noexcept {
  static std::array<char, 256> text{};
  static std::atomic_flag taken;
  if (!taken.test_and_set()) {
    std::string_view what = "std::terminate";
    std::copy(what.begin(), what.end(), text.begin());
    if (const std::type_info* type = abi::__cxa_current_exception_type(); type != nullptr) {
      int status = 0;
      const char* const name = abi::__cxa_demangle(type->name(), nullptr, nullptr, &status);
      const std::string_view of = " after an exception of type ";
      auto* const at = std::copy(of.begin(), of.end(), text.data() + what.size());
      const std::string_view type_name = status == 0 ? name : type->name();
      std::copy_n(type_name.begin(), std::min(type_name.size(), text.size() - what.size() - of.size() - 1), at);
    }
    cause = text.data();
  }
  std::abort();
}

void on_exit_of_the_process() noexcept {
  const auto stay = MappedFlightRecorder::last_stay_of_this_thread(/*to_blame=*/true);
  if (stay.sequence == 0) return;
  LastLine line = last_line("crashed");
  name_stay(line, stay);
  line.field("cause", "the adapter has ended the process by exit()");
  speak(line);
}

}  // namespace

LastLine last_line(std::string_view event) noexcept { return {form, event}; }

void speak(LastLine& line) noexcept {
  // What a pipe takes without blocking once poll() has called it writable (PIPE_BUF) is more than a line.
  constexpr int patience_ms = 100;
  pollfd waiting{output, POLLOUT, 0};
  if (poll(&waiting, 1, patience_ms) <= 0) return;
  const auto text = line.end();
  if (write(output, text.data(), text.size()) < 0) errno = 0;
}

LastLine::LastLine(Form form, std::string_view event) noexcept : form_(form) {
  add(form_ == Form::json ? R"({"ts":")" : "");
  add_time();
  add(form_ == Form::json ? R"(","level":"error","event":")" : " error   ");
  add(event);
  if (form_ == Form::json) add("\"");
}

void LastLine::begin_field(std::string_view name) noexcept {
  add(form_ == Form::json ? ",\"" : " ");
  add(name);
  add(form_ == Form::json ? "\":" : "=");
}

void LastLine::field(std::string_view name, std::string_view value) noexcept {
  if (value.empty()) return;
  begin_field(name);
  add("\"");
  for (const char c : value) {
    const bool harmless = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
    add(std::string_view(harmless ? &c : "?", 1));
  }
  add("\"");
}

void LastLine::number(std::string_view name, unsigned long long value) noexcept {
  begin_field(name);
  add_digits(value);
}

std::string_view LastLine::end() noexcept {
  add(form_ == Form::json ? "}\n" : "\n");
  return {text_.data(), size_};
}

void LastLine::add(std::string_view text) noexcept {
  const auto length = std::min(text.size(), capacity - size_);
  std::copy_n(text.begin(), length, text_.begin() + static_cast<std::ptrdiff_t>(size_));
  size_ += length;
}

void LastLine::add_digits(unsigned long long value, int least_digits) noexcept {
  std::array<char, 20> digits{};
  auto first = digits.size();
  for (; value > 0 || least_digits > 0; --least_digits, value /= 10)
    digits[--first] = static_cast<char>('0' + value % 10);
  add({digits.data() + first, digits.size() - first});
}

void LastLine::add_time() noexcept {
  using namespace std::chrono;
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const sys_seconds second{seconds{now.tv_sec}};
  const auto midnight = floor<days>(second);
  const year_month_day date{midnight};
  const hh_mm_ss clock{second - midnight};
  const auto part = [this](auto value, int digits, std::string_view then) {
    add_digits(static_cast<unsigned long long>(value), digits);
    add(then);
  };
  part(static_cast<int>(date.year()), 4, "-");
  part(static_cast<unsigned>(date.month()), 2, "-");
  part(static_cast<unsigned>(date.day()), 2, "T");
  part(clock.hours().count(), 2, ":");
  part(clock.minutes().count(), 2, ":");
  part(clock.seconds().count(), 2, ".");
  part(now.tv_nsec / 1'000'000, 3, "Z");
}

void speak_last_words(int descriptor, LastLine::Form its_form) noexcept {
  output = descriptor;
  form = its_form;
  struct sigaction action {};
  action.sa_sigaction = on_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  for (std::size_t i = 0; i < fatal_signals.size(); ++i) sigaction(fatal_signals[i].number, &action, &before[i]);
  std::set_terminate(on_terminate);
  std::atexit(on_exit_of_the_process);
}

}  // namespace fulfilld

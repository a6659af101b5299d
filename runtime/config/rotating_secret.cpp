// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/rotating_secret.hpp"

#include <filesystem>
#include <mutex>
#include <system_error>
#include <utility>

namespace fulfilld {
namespace {

constexpr std::string_view file_prefix = "file:";

}  // namespace

struct RotatingSecret::State {
  State(Secret first, Source where, bool file) : source(std::move(where)), in_file(file), secret(std::move(first)) {}

  const Source source;
  const bool in_file;
  std::mutex reading;  ///< one reads at a time: what was read first must not come in last
  mutable std::mutex mutex;
  Secret secret;              ///< guarded by `mutex`
  std::uint64_t version = 1;  ///< guarded by `mutex`
  Listener listener;          ///< guarded by `reading`
};

RotatingSecret::RotatingSecret(Secret fixed) : RotatingSecret(std::move(fixed), nullptr, /*in_file=*/false) {}

RotatingSecret::RotatingSecret(Secret first, Source source, bool in_file)
    : state_(std::make_shared<State>(std::move(first), std::move(source), in_file)) {}

Secret RotatingSecret::current() const {
  const std::lock_guard lock(state_->mutex);
  return state_->secret;
}

std::pair<Secret, std::uint64_t> RotatingSecret::current_and_version() const {
  const std::lock_guard lock(state_->mutex);
  return {state_->secret, state_->version};
}

std::string RotatingSecret::read_anew() const {
  if (!state_->source) return {};
  const std::lock_guard reading(state_->reading);
  auto fetched = state_->source();
  if (!fetched) return {};
  if (!fetched->problem.empty()) return std::move(fetched->problem);
  if (fetched->secret.reveal() == current().reveal()) return {};
  if (state_->listener) state_->listener(fetched->secret);
  const std::lock_guard lock(state_->mutex);
  state_->secret = std::move(fetched->secret);
  ++state_->version;
  return {};
}

std::string RotatingSecret::follow() const { return state_->in_file ? read_anew() : std::string(); }

void RotatingSecret::before_each_change(Listener listener) const {
  const std::lock_guard reading(state_->reading);
  state_->listener = std::move(listener);
}

RotatingSecret rotating_secret(Secret first, const std::string& source, const Environment& environment, bool one_line) {
  const bool in_file = source.starts_with(file_prefix);
  auto read = [=]() -> std::optional<FetchedSecret> {
    std::error_code unknown;
    // A pipe has been read to its end, and would be waited for.
    if (in_file && std::filesystem::is_other(source.substr(file_prefix.size()), unknown)) return std::nullopt;
    return fetch_secret(source, environment.read_anew(), one_line);
  };
  return {std::move(first), std::move(read), in_file};
}

}  // namespace fulfilld

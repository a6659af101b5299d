// SPDX-License-Identifier: Apache-2.0
#include "actors/last_words.hpp"

#include <caf/atom.hpp>
#include <caf/make_message.hpp>
#include <cstdint>
#include <string>

namespace fulfilld {
namespace {

constexpr auto crash = caf::atom("crash");

}  // namespace

caf::error last_words_of(const std::exception_ptr& fault, Reason outcome) {
  const auto number = static_cast<std::uint8_t>(outcome);
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& exception) {
    return {number, crash, caf::make_message(std::string(exception.what()))};
  } catch (...) {
    return {number, crash};
  }
}

Reason outcome_in(const caf::error& last_words) noexcept {
  return last_words.category() == crash ? static_cast<Reason>(last_words.code()) : Reason::internal_error;
}

}  // namespace fulfilld

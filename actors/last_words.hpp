// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/error.hpp>
#include <exception>

#include "actors/policy/reason.hpp"

namespace fulfilld {

/// The exception's own words as the reason for which an actor ends, and what that means for the execution it ran, if it
/// ran one.
[[nodiscard]] caf::error last_words_of(const std::exception_ptr& fault, Reason outcome = Reason::internal_error);

/// The outcome that `last_words_of` was given; internal_error for errors of other origin.
[[nodiscard]] Reason outcome_in(const caf::error& last_words) noexcept;

/// An exception that reaches the edge of the actor ends it, and whoever monitors it hears why. CAF's own handler would
/// print to the standard error.
template <class Self>
void end_with_last_words(Self self) {
  self->set_exception_handler([](std::exception_ptr& fault) { return last_words_of(fault); });
}

}  // namespace fulfilld

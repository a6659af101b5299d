// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <caf/error.hpp>
#include <exception>

namespace fulfilld {

/// The exception's own words as the reason for which an actor ends.
[[nodiscard]] caf::error last_words_of(const std::exception_ptr& fault);

/// An exception that reaches the edge of the actor ends it, and whoever monitors it hears why. CAF's own handler would
/// print to the standard error.
template <class Self>
void end_with_last_words(Self self) {
  self->set_exception_handler([](std::exception_ptr& fault) { return last_words_of(fault); });
}

}  // namespace fulfilld

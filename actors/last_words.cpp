// SPDX-License-Identifier: Apache-2.0
#include "actors/last_words.hpp"

#include <caf/sec.hpp>
#include <string>

namespace fulfilld {

caf::error last_words_of(const std::exception_ptr& fault) {
  try {
    std::rethrow_exception(fault);
  } catch (const std::exception& exception) {
    return caf::make_error(caf::sec::runtime_error, std::string(exception.what()));
  } catch (...) {
    return caf::make_error(caf::sec::runtime_error);
  }
}

}  // namespace fulfilld

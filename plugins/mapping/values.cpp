// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

namespace mapping {

const fulfill::Json* Values::find(const Reference& reference) const noexcept {
  if (reference.source() == Reference::Source::input) return reference.pointer().find(input_);
  if (reference.source() != Reference::Source::answer || answers_.empty()) return nullptr;
  if (reference.name().empty()) return reference.pointer().find(answers_.back().second);
  for (const auto& [name, answer] : answers_)
    if (name == reference.name()) return reference.pointer().find(answer);
  return nullptr;
}

}  // namespace mapping

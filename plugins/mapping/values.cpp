// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

namespace mapping {

const fulfill::Document* Values::find(const Reference& reference) const noexcept {
  if (reference.source() == Reference::Source::input) return reference.pointer().find(input_);
  if (reference.source() != Reference::Source::answer) return nullptr;
  const Answer* found = answer(reference.name());
  return found == nullptr ? nullptr : reference.pointer().find(found->value());
}

fulfill::Failed Values::judged(const BadValue& bad) const {
  const Answer* found = bad.answer() ? answer(*bad.answer()) : nullptr;
  if (found == nullptr || !found->done_unsafe()) return bad;
  return {"outcome_unknown", "the call was carried out, but " + bad.message()};
}

const Values::Answer* Values::answer(const std::string& name) const noexcept {
  if (answers_.empty()) return nullptr;
  if (name.empty()) return &answers_.back();
  for (const auto& answer : answers_)
    if (answer.name() == name) return &answer;
  return nullptr;
}

}  // namespace mapping

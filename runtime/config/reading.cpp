// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/reading.hpp"

#include "runtime/config/suggestion.hpp"

namespace fulfilld {

void Reading::report_unknown(const Node& node, std::string key, std::string_view written,
                             const std::vector<std::string>& known) {
  std::string sentence = "unknown key; ";
  if (const auto meant = nearest(written, known); !meant.empty()) {
    sentence += "did you mean '" + std::string(meant) + "'?";
  } else {
    sentence += "allowed here:";
    for (const auto& name : known) sentence += (&name == &known.front() ? " " : ", ") + name;
  }
  report(node.key_place, std::move(key), std::move(sentence));
}

Place Reading::place_of(const std::string& key) const {
  const auto found = origins_.find(key);
  return found == origins_.end() ? Place{} : found->second;
}

}  // namespace fulfilld

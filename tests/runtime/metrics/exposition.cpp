// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/metrics/exposition.hpp"

#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

namespace fulfilld::test {
namespace {

/// The family that a sample of that name belongs to, if there is one.
bool declared(const std::set<std::string>& families, const std::string& name) {
  if (families.contains(name)) return true;
  for (const auto* suffix : {"_bucket", "_sum", "_count"})
    if (name.ends_with(suffix) && families.contains(name.substr(0, name.rfind('_')))) return true;
  return false;
}

}  // namespace

Samples parse_exposition(std::string_view text) {
  static const std::regex help(R"(# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .+)");
  static const std::regex type(R"(# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram))");
  static const std::regex sample(
      R"re(([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*")*\})? (\S+))re");
  if (!text.ends_with('\n')) throw std::runtime_error("the last line has no end");
  std::set<std::string> families;
  Samples samples;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, help)) continue;
    if (std::regex_match(line, match, type)) {
      if (!families.insert(match[1]).second) throw std::runtime_error("declared twice: " + line);
      continue;
    }
    if (!std::regex_match(line, match, sample)) throw std::runtime_error("not understood: " + line);
    if (!declared(families, match[1])) throw std::runtime_error("not declared: " + line);
    const bool is_new = samples.emplace(match[1].str() + match[2].str(), std::stod(match[3])).second;
    if (!is_new) throw std::runtime_error("comes twice: " + line);
  }
  return samples;
}

}  // namespace fulfilld::test

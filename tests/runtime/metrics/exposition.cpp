// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/metrics/exposition.hpp"

#include <Poco/RegularExpression.h>

#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

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
  const Poco::RegularExpression help(R"(^# HELP [a-zA-Z_:][a-zA-Z0-9_:]* .+$)");
  const Poco::RegularExpression type(R"(^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)$)");
  const Poco::RegularExpression sample(
      R"re(^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*"(?:,[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*")*\}|) (\S+)$)re");
  if (!text.ends_with('\n')) throw std::runtime_error("the last line has no end");
  std::set<std::string> families;
  Samples samples;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> parts;
    if (help.match(line)) continue;
    if (type.split(line, parts) > 0) {
      if (!families.insert(parts[1]).second) throw std::runtime_error("declared twice: " + line);
      continue;
    }
    if (sample.split(line, parts) == 0) throw std::runtime_error("not understood: " + line);
    if (!declared(families, parts[1])) throw std::runtime_error("not declared: " + line);
    const bool is_new = samples.emplace(parts[1] + parts[2], std::stod(parts[3])).second;
    if (!is_new) throw std::runtime_error("comes twice: " + line);
  }
  return samples;
}

}  // namespace fulfilld::test

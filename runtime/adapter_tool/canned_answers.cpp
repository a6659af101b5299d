// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/canned_answers.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace fulfilld {
namespace {

using Json = nlohmann::ordered_json;

/// What is wrong in the file.
class Mistake : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// True if the text is as the pattern has it, in which `*` stands for any text.
bool matches(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  const auto rest = pattern.substr(star + 1);
  for (auto begin = star; begin <= text.size(); ++begin)
    if (matches(rest, text.substr(begin))) return true;
  return false;
}

void want_object(const Json& value, const std::string& what) {
  if (!value.is_object()) throw Mistake(what + " must be an object");
}

CannedAnswer read_answer(const Json& value, const std::string& route) {
  CannedAnswer answer;
  const std::string where = "the answer to \"" + route + "\"";
  want_object(value, where);
  for (const auto& [name, member] : value.items()) {
    if (name == "status") {
      if (!member.is_number_integer() || member < 200 || member > 599)
        throw Mistake(where + ": status must be a number from 200 to 599");
      answer.status = member.get<int>();
    } else if (name == "headers") {
      want_object(member, where + ": headers");
      for (const auto& [field, text] : member.items()) {
        if (!text.is_string()) throw Mistake(where + ": header " + field + " must be a string");
        answer.fields.push_back({field, text.get<std::string>()});
      }
    } else if (name == "body") {
      answer.body = member.dump();
      answer.fields.push_back({"Content-Type", "application/json"});
    } else if (name == "text") {
      if (!member.is_string()) throw Mistake(where + ": text must be a string (use body for JSON)");
      answer.body = member.get<std::string>();
    } else {
      throw Mistake(where + " has an unknown member \"" + name + "\" (known: status, headers, body, text)");
    }
  }
  return answer;
}

CannedAnswers::Route read_route(const std::string& pattern, const Json& value) {
  const auto space = pattern.find(' ');
  if (space == std::string::npos || space == 0 || space + 1 == pattern.size())
    throw Mistake("\"" + pattern + "\" must be a method and a URL, e.g. \"GET https://crm.example/customers/42\"");
  CannedAnswers::Route route{pattern, {}};
  if (!value.is_array()) {
    route.answers.push_back(read_answer(value, pattern));
    return route;
  }
  for (const auto& one : value) route.answers.push_back(read_answer(one, pattern));
  if (route.answers.empty()) throw Mistake("\"" + pattern + "\" has no answer");
  return route;
}

}  // namespace

std::optional<CannedAnswer> CannedAnswers::next(std::string_view method, std::string_view url) {
  const std::string call = std::string(method) + " " + std::string(url);
  auto found = std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) { return route.pattern == call; });
  if (found == routes_.end())
    found =
        std::find_if(routes_.begin(), routes_.end(), [&](const Route& route) { return matches(route.pattern, call); });
  if (found == routes_.end()) return std::nullopt;
  auto& given = given_[static_cast<std::size_t>(found - routes_.begin())];
  return found->answers[std::min(given++, found->answers.size() - 1)];
}

AnswersFile read_answers(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {{}, {}, path.string() + " cannot be read"};
  try {
    const Json root = Json::parse(file);
    AnswersFile result;
    std::vector<CannedAnswers::Route> routes;
    want_object(root, "it");
    for (const auto& [name, member] : root.items()) {
      if (name == "data") {
        result.data = member.dump();
      } else if (name == "answers") {
        want_object(member, "answers");
        for (const auto& [pattern, value] : member.items()) routes.push_back(read_route(pattern, value));
      } else {
        throw Mistake("there is an unknown member \"" + name + "\" (known: data, answers)");
      }
    }
    result.answers = CannedAnswers(std::move(routes));
    return result;
  } catch (const Mistake& mistake) {
    return {{}, {}, path.string() + ": " + mistake.what()};
  } catch (const Json::exception& error) {
    return {{}, {}, path.string() + " is not JSON: " + error.what()};
  }
}

}  // namespace fulfilld

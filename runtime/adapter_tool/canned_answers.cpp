// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/canned_answers.hpp"

#include <algorithm>
#include <fstream>
#include <fulfill/document.hpp>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace fulfilld {
namespace {

using fulfill::Document;

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

/// With numbers as they are written. Throws what nlohmann has to say if it is no JSON: that has a place.
Document read_json(const std::string& text) {
  if (auto document = Document::parse(text)) return std::move(*document);
  [[maybe_unused]] const auto never = nlohmann::json::parse(text);
  throw Mistake("it is nested too deep");
}

void want_object(const Document& value, const std::string& what) {
  if (!value.is_object()) throw Mistake(what + " must be an object");
}

int read_status(const Document& value, const std::string& where) {
  const auto status = value.integer();
  if (!status || *status < 200 || *status > 599) throw Mistake(where + ": status must be a number from 200 to 599");
  return static_cast<int>(*status);
}

CannedAnswer read_answer(const Document& value, const std::string& route) {
  CannedAnswer answer;
  const std::string where = "the answer to \"" + route + "\"";
  want_object(value, where);
  for (const auto& member : value.members()) {
    if (member.name() == "status") {
      answer.status = read_status(member.value(), where);
    } else if (member.name() == "headers") {
      want_object(member.value(), where + ": headers");
      for (const auto& header : member.value().members()) {
        if (!header.value().is_text()) throw Mistake(where + ": header " + header.name() + " must be a string");
        answer.fields.push_back({header.name(), header.value().text()});
      }
    } else if (member.name() == "body") {
      answer.body = member.value().dump();
      answer.fields.push_back({"Content-Type", "application/json"});
    } else if (member.name() == "text") {
      if (!member.value().is_text()) throw Mistake(where + ": text must be a string (use body for JSON)");
      answer.body = member.value().text();
    } else {
      throw Mistake(where + " has an unknown member \"" + member.name() + "\" (known: status, headers, body, text)");
    }
  }
  return answer;
}

CannedAnswers::Route read_route(const std::string& pattern, const Document& value) {
  const auto space = pattern.find(' ');
  if (space == std::string::npos || space == 0 || space + 1 == pattern.size())
    throw Mistake("\"" + pattern + "\" must be a method and a URL, e.g. \"GET https://crm.example/customers/42\"");
  CannedAnswers::Route route{pattern, {}};
  if (!value.is_array()) {
    route.answers.push_back(read_answer(value, pattern));
    return route;
  }
  for (const auto& one : value.elements()) route.answers.push_back(read_answer(one, pattern));
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
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  try {
    const Document root = read_json(text);
    AnswersFile result;
    std::vector<CannedAnswers::Route> routes;
    want_object(root, "it");
    for (const auto& member : root.members()) {
      if (member.name() == "data") {
        result.data = member.value().dump();
      } else if (member.name() == "answers") {
        want_object(member.value(), "answers");
        for (const auto& answer : member.value().members()) routes.push_back(read_route(answer.name(), answer.value()));
      } else {
        throw Mistake("there is an unknown member \"" + member.name() + "\" (known: data, answers)");
      }
    }
    result.answers = CannedAnswers(std::move(routes));
    return result;
  } catch (const Mistake& mistake) {
    return {{}, {}, path.string() + ": " + mistake.what()};
  } catch (const nlohmann::json::exception& error) {
    return {{}, {}, path.string() + " is not JSON: " + error.what()};
  }
}

}  // namespace fulfilld

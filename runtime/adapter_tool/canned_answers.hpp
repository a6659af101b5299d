// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/ports/http_engine.hpp"

namespace fulfilld {

/// What a backend answers.
struct CannedAnswer {
  int status = 200;
  std::vector<HttpField> fields;
  std::string body;
};

/// Answers by method and URL, from a file such as
/// `{"data": {...}, "answers": {"GET https://crm.example/customers/*": {"status": 200, "headers": {}, "body":
/// {...}}}}`.
/// `*` in a URL stands for any text; what names a URL exactly goes first. `body` is JSON; other content is a string in
/// `text`. An array of answers is given in turn, the last one again and again.
class CannedAnswers {
 public:
  struct Route {
    std::string pattern;  ///< method, space, URL
    std::vector<CannedAnswer> answers;
  };

  CannedAnswers() = default;
  explicit CannedAnswers(std::vector<Route> routes) : routes_(std::move(routes)), given_(routes_.size()) {}

  /// The next answer to such a call, or nothing if there is no route for it.
  [[nodiscard]] std::optional<CannedAnswer> next(std::string_view method, std::string_view url);

 private:
  std::vector<Route> routes_;
  std::vector<std::size_t> given_;  ///< by each route
};

/// A file of answers, or why it is none.
struct AnswersFile {
  CannedAnswers answers;
  std::optional<std::string> data;  ///< JSON: the input that goes with them
  std::string problem;              ///< a sentence that begins with the path; empty: all is well
};

[[nodiscard]] AnswersFile read_answers(const std::filesystem::path& path);

}  // namespace fulfilld

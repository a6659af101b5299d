// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <fulfill/error.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "column_json.hpp"
#include "error_codes.hpp"

namespace postgresql {
namespace {

using fulfill::Failed;
using Kind = AnswerShape::Kind;

Kind kind_wanted(const fulfill::Settings& settings) {
  const auto word = settings.choice("result", {"rows", "first", "one", "affected"}, "rows");
  if (word == "rows") return Kind::rows;
  if (word == "first") return Kind::first;
  return word == "one" ? Kind::one : Kind::affected;
}

std::string no_row_of(const fulfill::Settings& settings, Kind kind) {
  const bool wants_row = kind == Kind::first || kind == Kind::one;
  std::string word = settings.text("no_row", wants_row ? "no_such_row" : "");
  if (word.empty()) return word;
  if (kind == Kind::rows)
    throw fulfill::SettingError("setting \"no_row\" has no meaning with result = \"rows\": no row is an empty list");
  if (word == "null" && wants_row) return {};
  if (!is_code(word))
    throw fulfill::SettingError("setting \"no_row\" must be a word of at most 64 of a-z, 0-9, _, ., -");
  return word;
}

}  // namespace

AnswerShape::AnswerShape(const fulfill::Settings& settings)
    : kind_(kind_wanted(settings)),
      no_row_(no_row_of(settings, kind_)),
      most_rows_(static_cast<std::size_t>(settings.integer("max_rows", 1, 1'000'000, 1000))),
      most_bytes_(static_cast<std::size_t>(settings.integer("max_bytes", 1, 64 << 20, 1 << 20))) {}

void Answer::add(const PGresult* one_row) {
  ++rows_;
  switch (shape_.kind()) {
    case Kind::affected:
      return;
    case Kind::first:
      if (rows_ > 1) return;
      break;
    case Kind::one:
      if (rows_ > 1) throw Failed("too_many_rows", "there is more than one row");
      break;
    case Kind::rows:
      if (rows_ > shape_.most_rows())
        throw Failed("answer_too_large", "there are more than " + std::to_string(shape_.most_rows()) + " rows");
      if (rows_ > 1) json_ += ',';
  }
  if (rows_ == 1) read_columns(one_row);
  append_row(one_row);
  if (json_.size() > shape_.most_bytes())
    throw Failed("answer_too_large", "the rows are longer than " + std::to_string(shape_.most_bytes()) + " bytes");
}

void Answer::read_columns(const PGresult* row) {
  std::set<std::string_view> seen;
  for (int column = 0; column < PQnfields(row); ++column) {
    const std::string_view name = PQfname(row, column);
    std::string json;
    append_json_string(json, name);
    if (!seen.insert(name).second)
      throw Failed("backend_bad_answer", "two columns have the name " + json + "; tell them apart with AS");
    names_.push_back(std::move(json) + ':');
  }
}

void Answer::append_row(const PGresult* row) {
  json_ += '{';
  for (int column = 0; column < PQnfields(row); ++column) {
    if (column > 0) json_ += ',';
    json_ += names_[static_cast<std::size_t>(column)];
    if (PQgetisnull(row, 0, column) != 0) {
      json_ += "null";
      continue;
    }
    const std::string_view text(PQgetvalue(row, 0, column), static_cast<std::size_t>(PQgetlength(row, 0, column)));
    append_json(json_, PQftype(row, column), text);
  }
  json_ += '}';
}

std::string Answer::finish(const std::string& affected) && {
  if (shape_.kind() == Kind::rows) return '[' + json_ + ']';
  const bool counts = shape_.kind() == Kind::affected;
  const std::string count = affected.empty() ? "0" : affected;
  if ((counts ? count == "0" : rows_ == 0) && !shape_.no_row().empty())
    throw Failed(shape_.no_row(), counts ? "no row is concerned" : "there is no such row");
  if (counts) return "{\"affected\":" + count + "}";
  return rows_ == 0 ? "null" : std::move(json_);
}

}  // namespace postgresql

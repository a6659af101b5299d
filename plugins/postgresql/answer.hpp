// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <cstddef>
#include <fulfill/settings.hpp>
#include <optional>
#include <string>
#include <vector>

namespace postgresql {

/// What becomes of a statement's rows: the settings `result`, `no_row`, `max_rows`, `max_bytes`. Immutable.
class AnswerShape {
 public:
  enum class Kind { rows, first, one, affected };

  /// Throws SettingError.
  explicit AnswerShape(const fulfill::Settings& settings);

  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  /// The code of the failure; empty: no row is `null`, or 0.
  [[nodiscard]] const std::string& no_row() const noexcept { return no_row_; }
  [[nodiscard]] std::size_t most_rows() const noexcept { return most_rows_; }
  [[nodiscard]] std::size_t most_bytes() const noexcept { return most_bytes_; }

 private:
  Kind kind_;
  std::string no_row_;
  std::size_t most_rows_;
  std::size_t most_bytes_;
};

/// The JSON of one statement's rows, written as they come: a row is an object, its columns in their order. Throws
/// Failed as soon as it cannot become an answer any more: `answer_too_large`, `too_many_rows`, `backend_bad_answer`.
class Answer {
 public:
  explicit Answer(const AnswerShape& shape) : shape_(shape) {}

  /// A result that holds one row. All have the same columns.
  void add(const PGresult* one_row);

  /// The JSON text. `affected`: the number of rows that the server tells of, as digits. Failed(`no_row`) if there was
  /// none.
  [[nodiscard]] std::string finish(const std::string& affected) &&;

 private:
  void read_columns(const PGresult* row);
  void append_row(const PGresult* row);

  const AnswerShape& shape_;
  std::vector<std::string> names_;  ///< of the columns, as JSON with a colon
  std::size_t rows_ = 0;
  std::string json_;
};

}  // namespace postgresql

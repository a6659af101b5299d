// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfilld::simulator {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// A request as it was read.
struct Request {
  std::string method;
  std::string target;                        ///< path and query as they were sent
  std::string path;                          ///< without the query
  std::map<std::string, std::string> query;  ///< percent-decoded
  Fields fields;                             ///< in their order, names as they were written
  std::string body;
  bool keep_alive = true;

  /// The value of the first field of that name (case-insensitive), or an empty view.
  [[nodiscard]] std::string_view field(std::string_view name) const noexcept;
};

/// An answer before any fault has touched it.
struct Reply {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  Fields fields;
};

/// `text` with its percent escapes, and optionally '+' for a space, undone.
[[nodiscard]] std::string percent_decoded(std::string_view text, bool plus_is_space);

/// The `a=b&c=d` of a query or of a form; the last of several equal names counts.
[[nodiscard]] std::map<std::string, std::string> parse_form(std::string_view text);

/// Seconds from now on, rounded up, in the form of RFC 9110, 5.6.7 (`Sun, 06 Nov 1994 08:49:37 GMT`).
[[nodiscard]] std::string http_date_in(double seconds);

/// An error in the shape that the platform gives its errors.
[[nodiscard]] Reply error_reply(int status, std::string_view code, std::string_view message);

}  // namespace fulfilld::simulator

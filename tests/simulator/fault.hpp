// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "tests/simulator/message.hpp"

namespace fulfilld::simulator {

/// What goes wrong, or late, with one exchange. All members combine: a 503 that comes late, byte by byte, and is
/// cut off in its middle is one fault. The README lists them as they are written in JSON and in queries.
struct Fault {
  /// What stands in the answer in place of its real body.
  enum class Body : std::uint8_t { real, empty, bad_json, html, huge, text };

  /// How the answer is framed on the wire.
  enum class Wire : std::uint8_t {
    plain,             ///< Content-Length
    chunked,           ///< correct chunks
    http10,            ///< HTTP/1.0, no length, ended by closing
    long_length,       ///< Content-Length is larger than what follows; then closed
    short_length,      ///< Content-Length is smaller than what follows
    bad_chunk,         ///< a chunk size that is no number
    endless_body,      ///< chunks that never end
    endless_continue,  ///< `100 Continue` for ever
    huge_header,       ///< a header field of `size` bytes
    garbage,           ///< not HTTP at all
  };

  /// What happens to the connection at the byte that `after` names.
  enum class Cut : std::uint8_t { none, hang, close, reset };

  /// Where the cut is made.
  enum class After : std::uint8_t { nothing, head, half, all, bytes };

  enum class Drip : std::uint8_t { all, head, body };

  // The answer
  std::optional<int> status;
  std::string retry_after;                 ///< the header field's value, as it is
  std::optional<double> retry_after_date;  ///< seconds from now, sent as an HTTP-date
  std::string location;
  Fields fields;  ///< further header fields
  Body body = Body::real;
  std::string text;            ///< for `Body::text`
  std::size_t size = 8 << 20;  ///< for `Body::huge` and `Wire::huge_header`
  Wire wire = Wire::plain;

  // Its way
  std::chrono::milliseconds delay{0};  ///< before the answer
  bool hold = false;                   ///< the answer waits for POST /simulator/release
  std::chrono::milliseconds drip{0};   ///< between single bytes; 0: all at once
  Drip drip_part = Drip::all;
  Cut cut = Cut::none;
  After after = After::nothing;
  std::size_t after_bytes = 0;  ///< for `After::bytes`
  bool taken = false;           ///< the result counts as taken on arrival, whatever becomes of the answer

  std::string described;  ///< as it was asked for; for the record

  /// True if not one byte of an answer is sent.
  [[nodiscard]] bool silent() const noexcept { return cut != Cut::none && after == After::nothing; }
};

/// A fault, and whom it meets.
struct FaultRule {
  Fault fault;
  std::uint64_t times = UINT64_MAX;  ///< only the first so many
  std::uint64_t every = 1;           ///< only every so-manieth
  double probability = 1;
  std::string path;                                ///< only requests whose target contains this
  bool per_execution = false;                      ///< counted for each execution, not over the run
  std::optional<std::chrono::milliseconds> until;  ///< only so long after the first request that it could meet
};

/// Reads a rule from JSON; an unknown member or value is a `BadSetting`.
[[nodiscard]] FaultRule parse_fault_rule(const nlohmann::json& json);

/// The rule that a query asks for, counted per execution; other parameters are left alone. Empty if it asks for none.
[[nodiscard]] std::optional<FaultRule> parse_fault_query(const std::map<std::string, std::string>& query);

}  // namespace fulfilld::simulator

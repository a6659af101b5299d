// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

namespace postgresql {

/// Appends a value, given in PostgreSQL's text format, as JSON. By type:
/// - bool: `true`, `false`; void: `null`
/// - smallint, integer, bigint, oid: a number, but beyond 2^53-1 a string
/// - numeric: a number with all its digits, but with more than 15 significant ones a string
/// - real, double precision: a number, but a string for NaN and the infinities
/// - json, jsonb: as it is
/// - timestamp, timestamptz: RFC 3339, "2024-05-01T12:30:00+02:00"; infinity and years beyond 9999 as PostgreSQL writes
///   them
/// - bytea: base64 (RFC 4648, 4)
/// - all others: PostgreSQL's text
/// So no number loses a digit in a reader that, like most, has nothing but doubles (RFC 8259, 6).
/// Failed("backend_bad_answer") for what is not UTF-8, or not JSON in a json column.
void append_json(std::string& json, Oid type, std::string_view text);

/// Appends a text as JSON.
void append_json_string(std::string& json, std::string_view text);

}  // namespace postgresql

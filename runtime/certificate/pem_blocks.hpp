// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fulfilld {

/// One `-----BEGIN label-----` ... `-----END label-----`.
struct PemBlock {
  std::string label;  ///< e.g. `CERTIFICATE`
  std::string text;   ///< the whole block: lines without blanks around them, each ended by LF
};

/// The blocks of a PEM file (RFC 7468) in their order. Everything outside of blocks is passed over, and so is what
/// editors and `cat` leave behind: byte order marks, CRLF, blanks, a block that begins on the line where another ends.
/// A block without an end is left out.
[[nodiscard]] std::vector<PemBlock> pem_blocks(std::string_view text);

}  // namespace fulfilld

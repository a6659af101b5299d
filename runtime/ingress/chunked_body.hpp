// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fulfilld {

/// Takes a chunked body (RFC 9112, section 7.1) apart, strictly: Poco's own reader takes a broken chunk for the end
/// of the body. Fed with pieces of any size; what follows the body is ignored.
class ChunkedBody {
 public:
  enum class State { more, complete, broken, too_large };

  /// The content is appended to `content`, `limit` bytes at most.
  ChunkedBody(std::string& content, std::size_t limit) : content_(content), limit_(limit) {}

  State feed(std::string_view bytes);

 private:
  enum class Expect { size, extension, size_end, data, data_cr, data_end, trailer, trailer_end, last_end };

  State take(char c);
  State take_size(char c);
  State end_of_size();
  std::size_t take_data(std::string_view bytes);

  std::string& content_;
  const std::size_t limit_;
  Expect expect_ = Expect::size;
  State state_ = State::more;
  std::size_t left_ = 0;      ///< of the chunk's size, or of its data
  std::size_t digits_ = 0;    ///< of the chunk's size
  std::size_t overhead_ = 0;  ///< bytes of extensions and trailers so far
  bool line_empty_ = true;    ///< of the trailer line
};

}  // namespace fulfilld

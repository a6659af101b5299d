// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fulfilld {

/// What the Content-Encoding of an answer says (RFC 9110 section 8.4), whatever the form: names in any case, in several
/// fields, `identity` among them.
class ContentCoding {
 public:
  static constexpr std::size_t longest = 64;  ///< bytes of names that are remembered

  /// Called with the value of each Content-Encoding field.
  void add(std::string_view field_value);

  [[nodiscard]] bool none() const noexcept { return names_.empty(); }
  [[nodiscard]] bool is_gzip() const noexcept { return names_ == "gzip" || names_ == "x-gzip"; }
  [[nodiscard]] bool is_deflate() const noexcept { return names_ == "deflate"; }

  /// As it came, in small letters, without what cannot be printed.
  [[nodiscard]] const std::string& names() const noexcept { return names_; }

 private:
  std::string names_;
};

/// Undoes gzip (RFC 1952, also several members one after the other) or deflate, with its zlib wrapping (RFC 1950) or,
/// as some servers send it, without (RFC 1951). Takes 40 KiB while it lives; what it makes is bounded by its caller.
class ContentDecoder {
 public:
  enum class Result : std::uint8_t { good, too_large, damaged };

  /// `may_be_bare`: what begins neither as gzip nor as zlib is deflate without a wrapping.
  explicit ContentDecoder(bool may_be_bare) noexcept : may_be_bare_(may_be_bare) {}
  ~ContentDecoder();
  ContentDecoder(const ContentDecoder&) = delete;
  ContentDecoder& operator=(const ContentDecoder&) = delete;

  /// Decodes the next piece and appends it to `decoded`, which never gets more than `limit` bytes. After anything but
  /// `good` it is not to be called again.
  [[nodiscard]] Result decode(std::string_view piece, std::string& decoded, std::size_t limit);

  /// True if what has come so far is whole.
  [[nodiscard]] bool complete() const noexcept { return ended_; }

 private:
  [[nodiscard]] bool begin();
  [[nodiscard]] Result inflate_all(std::string_view piece, std::string& decoded, std::size_t limit);

  z_stream stream_{};
  bool may_be_bare_;
  bool begun_ = false;
  bool gzip_ = false;
  bool ended_ = false;
  std::string start_;  ///< its first two bytes tell the formats apart
};

}  // namespace fulfilld

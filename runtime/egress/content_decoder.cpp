// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/content_decoder.hpp"

#include <algorithm>
#include <array>

namespace fulfilld {
namespace {

constexpr std::size_t telling_bytes = 2;
constexpr int largest_window = 15;
constexpr int as_gzip = 16;

unsigned byte(const std::string& text, std::size_t at) noexcept { return static_cast<unsigned char>(text[at]); }

bool starts_gzip(const std::string& start) noexcept { return byte(start, 0) == 0x1f && byte(start, 1) == 0x8b; }

/// RFC 1950 section 2.2: the method is 8, and both bytes are a multiple of 31. No deflate without a wrapping begins so:
/// its first block would be a stored one with something else than zeros in its padding.
bool starts_zlib(const std::string& start) noexcept {
  return (byte(start, 0) & 0x0f) == 8 && (byte(start, 0) * 256 + byte(start, 1)) % 31 == 0;
}

}  // namespace

void ContentCoding::add(std::string_view field_value) {
  while (!field_value.empty()) {
    const auto end = std::min(field_value.find(','), field_value.size());
    std::string name;
    for (const char c : field_value.substr(0, end))
      if (c > ' ' && c < 0x7f) name += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    if (!name.empty() && name != "identity" && names_.size() < longest)
      names_.append(names_.empty() ? "" : ", ").append(name, 0, longest);
    field_value.remove_prefix(std::min(end + 1, field_value.size()));
  }
}

ContentDecoder::~ContentDecoder() {
  if (begun_) inflateEnd(&stream_);
}

bool ContentDecoder::begin() {
  gzip_ = starts_gzip(start_);
  if (!gzip_ && !starts_zlib(start_) && !may_be_bare_) return false;
  const int window = gzip_ ? largest_window + as_gzip : starts_zlib(start_) ? largest_window : -largest_window;
  begun_ = inflateInit2(&stream_, window) == Z_OK;
  return begun_;
}

ContentDecoder::Result ContentDecoder::decode(std::string_view piece, std::string& decoded, std::size_t limit) {
  if (!begun_) {
    const auto missing = std::min(telling_bytes - start_.size(), piece.size());
    start_.append(piece.substr(0, missing));
    piece.remove_prefix(missing);
    if (start_.size() < telling_bytes) return Result::good;
    if (!begin()) return Result::damaged;
    const Result first = inflate_all(start_, decoded, limit);
    if (first != Result::good) return first;
  }
  return inflate_all(piece, decoded, limit);
}

ContentDecoder::Result ContentDecoder::inflate_all(std::string_view piece, std::string& decoded, std::size_t limit) {
  std::array<char, 16384> room;  // NOLINT(cppcoreguidelines-pro-type-member-init): zlib fills it
  // zlib does not write there, it was only never told so.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));  // NOLINT(*-const-cast)
  stream_.avail_in = static_cast<uInt>(piece.size());
  for (bool more = !piece.empty(); more;) {
    if (ended_) {
      // Another member of the same gzip (RFC 1952 section 2.2), or something that does not belong here.
      if (!gzip_ || inflateReset(&stream_) != Z_OK) return Result::damaged;
      ended_ = false;
    }
    stream_.next_out = reinterpret_cast<Bytef*>(room.data());
    stream_.avail_out = static_cast<uInt>(room.size());
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return Result::damaged;
    const std::size_t size = room.size() - stream_.avail_out;
    if (size > limit - decoded.size()) return Result::too_large;
    decoded.append(room.data(), size);
    ended_ = result == Z_STREAM_END;
    more = stream_.avail_in > 0 || (!ended_ && stream_.avail_out == 0);
  }
  return Result::good;
}

}  // namespace fulfilld

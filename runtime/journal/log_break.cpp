// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/log_break.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>

#include "runtime/journal/damage.hpp"
#include "runtime/journal/file_format.hpp"

namespace fulfilld::journal {
namespace fs = std::filesystem;
namespace {

/// The running checksum of SQLite's file format, section 4.2.
class LogChecksum {
 public:
  explicit LogChecksum(bool big_endian_words) noexcept : big_endian_words_(big_endian_words) {}

  void add(std::string_view bytes) noexcept {
    for (std::size_t i = 0; i + 8 <= bytes.size(); i += 8) {
      first_ += word(bytes.data() + i) + second_;
      second_ += word(bytes.data() + i + 4) + first_;
    }
  }
  [[nodiscard]] bool is_stored_at(const char* bytes) const noexcept {
    return big_endian({bytes, 4}) == first_ && big_endian({bytes + 4, 4}) == second_;
  }

 private:
  [[nodiscard]] std::uint32_t word(const char* bytes) const noexcept {
    const auto value = big_endian({bytes, 4});
    return big_endian_words_ ? value : __builtin_bswap32(value);
  }

  bool big_endian_words_;
  std::uint32_t first_ = 0;
  std::uint32_t second_ = 0;
};

bool goes_on_behind_a_break(const fs::path& log) {
  std::ifstream stream(log, std::ios::binary);
  std::array<char, log_header> header{};
  if (!stream.read(header.data(), header.size())) return false;
  LogChecksum checksum((header[3] & 1) != 0);
  checksum.add({header.data(), 24});
  bool broken = !checksum.is_stored_at(header.data() + 24);
  const bool any_salt = broken;
  std::array<char, frame_header + page_size> frame{};
  while (stream.read(frame.data(), frame.size())) {
    const bool same_log = any_salt || std::memcmp(frame.data() + 8, header.data() + 16, 8) == 0;
    if (!broken) {
      checksum.add({frame.data(), 8});
      checksum.add({frame.data() + frame_header, page_size});
      broken = !same_log || !checksum.is_stored_at(frame.data() + 16);
    }
    if (broken && same_log) return true;
  }
  return false;
}

fs::path kept_file(const fs::path& database) { return log_of(kept_log(database)); }

}  // namespace

void keep_log_if_it_breaks(const fs::path& database) {
  if (kept_log_waits(database) || !goes_on_behind_a_break(log_of(database))) return;
  // Complete under another name first: half a copy must not pass for a whole one.
  const fs::path unfinished = kept_file(database).string() + ".part";
  fs::copy_file(log_of(database), unfinished, fs::copy_options::overwrite_existing);
  fs::permissions(unfinished, fs::perms::owner_read | fs::perms::owner_write);
  fs::rename(unfinished, kept_file(database));
}

bool kept_log_waits(const fs::path& database) { return fs::exists(kept_file(database)); }

fs::path kept_log(fs::path database) { return database += ".rest"; }

void drop_kept_log(const fs::path& database) { fs::remove(kept_file(database)); }

}  // namespace fulfilld::journal

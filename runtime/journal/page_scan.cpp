// SPDX-License-Identifier: Apache-2.0
#include "runtime/journal/page_scan.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include "runtime/journal/damage.hpp"
#include "runtime/journal/file_format.hpp"

namespace fulfilld::journal {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t longest_payload = 64U << 20U;
constexpr unsigned char table_leaf = 0x0d;

using Page = std::array<char, page_size>;

/// Takes values off the front of some bytes; stays at the end once they do not suffice.
class Reader {
 public:
  explicit Reader(std::string_view bytes) noexcept : left_(bytes) {}

  std::string_view take(std::size_t count) noexcept {
    if (count > left_.size()) {
      ok_ = false;
      count = left_.size();
    }
    const auto taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

  std::uint64_t varint() noexcept {
    std::uint64_t value = 0;
    for (int i = 0; i < 9; ++i) {
      const auto byte = big_endian(take(1));
      if (i == 8) return value << 8U | byte;
      value = value << 7U | (byte & 0x7fU);
      if (byte < 0x80) return value;
    }
    return value;
  }

  std::int64_t integer(std::size_t size) noexcept {
    const auto bytes = take(size);
    std::uint64_t value = !bytes.empty() && static_cast<signed char>(bytes[0]) < 0 ? ~std::uint64_t{0} : 0;
    for (const char byte : bytes) value = value << 8U | static_cast<unsigned char>(byte);
    return static_cast<std::int64_t>(value);
  }

  [[nodiscard]] bool ok() const noexcept { return ok_; }
  [[nodiscard]] std::string_view left() const noexcept { return left_; }

 private:
  std::string_view left_;
  bool ok_ = true;
};

/// A file of which any page can be missing.
class PageFile {
 public:
  explicit PageFile(const fs::path& path) {
    if (!fs::exists(path)) return;
    size_ = fs::file_size(path);
    stream_.open(path, std::ios::binary);
    if (!stream_) throw fs::filesystem_error("cannot read", path, std::make_error_code(std::errc::io_error));
  }

  /// Up to a page from there; the rest is zero. False at the end of the file.
  bool read(std::uint64_t offset, Page& page) {
    page.fill('\0');
    if (offset >= size_) return false;
    stream_.clear();
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(page.data(), static_cast<std::streamsize>(page.size()));
    return stream_.gcount() > 0;
  }

 private:
  std::ifstream stream_;
  std::uint64_t size_ = 0;
};

std::optional<RawRow> parse_record(std::int64_t rowid, std::string_view payload) {
  constexpr std::size_t most_columns = 16;
  Reader start(payload);
  const auto header_size = start.varint();
  if (!start.ok() || header_size > payload.size()) return std::nullopt;
  const auto varint_size = payload.size() - start.left().size();
  if (header_size < varint_size) return std::nullopt;
  Reader header(payload.substr(varint_size, header_size - varint_size));
  Reader body(payload.substr(header_size));
  RawRow row{rowid, {}};
  while (!header.left().empty()) {
    const auto type = header.varint();
    if (!header.ok() || row.values.size() == most_columns) return std::nullopt;
    constexpr std::array<std::size_t, 7> integer_sizes{0, 1, 2, 3, 4, 6, 8};
    RawValue value;
    if (type >= 12) {
      value.kind = RawValue::Kind::bytes;
      value.bytes = body.take((type - 12) / 2);
    } else if (type == 8 || type == 9) {
      value = {RawValue::Kind::integer, static_cast<std::int64_t>(type - 8), {}};
    } else if (type >= 1 && type <= 6) {
      value = {RawValue::Kind::integer, body.integer(integer_sizes[type]), {}};
    } else if (type != 0) {
      return std::nullopt;
    }
    if (!body.ok()) return std::nullopt;
    row.values.push_back(std::move(value));
  }
  return row;
}

class PageScan {
 public:
  PageScan(const fs::path& database, const std::function<void(const RawRow&)>& row)
      : database_(database), log_(log_of(database)), row_(row) {}

  void run() {
    Page page;
    std::uint64_t offset = log_header;
    for (; log_.read(offset, page); offset += frame_header + page_size)
      newest_[big_endian({page.data(), 4})] = offset + frame_header;
    for (offset = 0; database_.read(offset, page); offset += page_size) scan(page, offset == 0 ? file_header : 0);
    for (offset = log_header; log_.read(offset + frame_header, page); offset += frame_header + page_size) {
      Page header;
      log_.read(offset, header);
      scan(page, big_endian({header.data(), 4}) == 1 ? file_header : 0);
    }
  }

 private:
  void scan(const Page& page, std::size_t start) {
    if (static_cast<unsigned char>(page[start]) != table_leaf) return;
    const std::string_view bytes(page.data(), page.size());
    const auto cells = big_endian(bytes.substr(start + 3, 2));
    for (std::size_t i = 0; i < cells && start + 8 + 2 * i + 2 <= page_size; ++i) {
      const auto cell = big_endian(bytes.substr(start + 8 + 2 * i, 2));
      if (cell < page_size) scan_cell(bytes.substr(cell));
    }
  }

  void scan_cell(std::string_view bytes) {
    Reader cell(bytes);
    const auto size = cell.varint();
    const auto rowid = static_cast<std::int64_t>(cell.varint());
    if (!cell.ok() || size > longest_payload) return;
    const auto local = local_size(size);
    std::string payload(cell.take(local));
    if (local == size) return report(rowid, payload);
    const auto overflow = big_endian(cell.take(4));
    if (!cell.ok()) return;
    // Which version of an overflow page belongs to this row is not known: the newest or the one in the file.
    for (const bool with_log : {true, false}) {
      std::string whole = payload;
      if (follow(overflow, size, with_log, whole)) report(rowid, whole);
    }
  }

  static std::size_t local_size(std::size_t size) noexcept {
    constexpr std::size_t longest = page_size - 35;
    constexpr std::size_t least = (page_size - 12) * 32 / 255 - 23;
    if (size <= longest) return size;
    const auto fitting = least + (size - least) % (page_size - 4);
    return fitting <= longest ? fitting : least;
  }

  bool follow(std::uint32_t number, std::size_t size, bool with_log, std::string& payload) {
    Page page;
    while (payload.size() < size) {
      if (number == 0 || !read_page(number, with_log, page)) return false;
      payload.append(page.data() + 4, std::min(page_size - 4, size - payload.size()));
      number = big_endian({page.data(), 4});
    }
    return true;
  }

  bool read_page(std::uint32_t number, bool with_log, Page& page) {
    const auto logged = newest_.find(number);
    if (with_log && logged != newest_.end()) return log_.read(logged->second, page);
    return database_.read(std::uint64_t{number - 1} * page_size, page);
  }

  void report(std::int64_t rowid, std::string_view payload) {
    if (const auto row = parse_record(rowid, payload)) row_(*row);
  }

  PageFile database_;
  PageFile log_;
  const std::function<void(const RawRow&)>& row_;
  std::unordered_map<std::uint32_t, std::uint64_t> newest_;  ///< page number to its last place in the log
};

}  // namespace

void scan_pages(const fs::path& database, const std::function<void(const RawRow&)>& row) {
  PageScan(database, row).run();
}

}  // namespace fulfilld::journal

// SPDX-License-Identifier: Apache-2.0
#include "runtime/config/read_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

namespace fulfilld {

FileText read_file(const std::filesystem::path& path, std::size_t largest) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return {{}, "cannot be read: it is a directory"};
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return {{}, std::string("cannot be read: ") + std::strerror(errno)};
  std::string text(largest + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return {{}, "cannot be read"};
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > largest) return {{}, "is larger than " + std::to_string(largest) + " bytes"};
  // RFC 8259, 8.1, of JSON; editors and shells of Windows write it before any text.
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return {{}, "is UTF-16: save it as UTF-8"};
  return {std::move(text), {}};
}

}  // namespace fulfilld

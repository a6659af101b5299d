// SPDX-License-Identifier: Apache-2.0
#include "runtime/adapter_tool/library_search.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "runtime/adapter_tool/file_bytes.hpp"
#include "runtime/plugin_host/elf_bytes.hpp"

namespace fulfilld {
namespace {

namespace fs = std::filesystem;

/// /etc/ld.so.cache as glibc writes it since 2.32; all numbers are of this machine's byte order.
struct CacheHeader {
  char magic[20];
  std::uint32_t count;
  std::uint32_t strings_size;
  std::uint32_t unused[5];
};
struct CacheEntry {
  std::int32_t flags;
  std::uint32_t name;  ///< offset in the file, like `path`
  std::uint32_t path;
  std::uint32_t os_version;
  std::uint64_t hardware;
};
constexpr std::string_view kCacheMagic = "glibc-ld.so.cache1.1";

std::string text_at(elf::Bytes file, std::uint64_t offset) {
  if (offset >= file.size()) return {};
  const char* text = reinterpret_cast<const char*>(file.data()) + offset;
  return std::string(text, ::strnlen(text, file.size() - offset));
}

std::map<std::string, fs::path> read_cache() {
  std::map<std::string, fs::path> cache;
  const auto bytes = file_bytes("/etc/ld.so.cache");
  const auto header = bytes ? elf::record<CacheHeader>(*bytes, 0, 0) : std::nullopt;
  if (!header || std::string_view(header->magic, sizeof header->magic) != kCacheMagic) return cache;
  for (std::uint32_t i = 0; i < header->count; ++i)
    if (const auto entry = elf::record<CacheEntry>(*bytes, sizeof(CacheHeader), i); entry && entry->hardware == 0)
      cache.emplace(text_at(*bytes, entry->name), text_at(*bytes, entry->path));
  return cache;
}

/// True for a library that this process could load: there may be others of the same name, for other machines.
bool fits(const fs::path& path) {
  static const std::string own = read_library(file_bytes("/proc/self/exe").value_or(FileBytes{})).machine;
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return false;
  const auto bytes = file_bytes(path);
  return bytes && read_library(*bytes).machine == own;
}

std::string with_origin(std::string text, const fs::path& directory) {
  for (const std::string_view origin : {"${ORIGIN}", "$ORIGIN"})
    for (auto at = text.find(origin); at != std::string::npos; at = text.find(origin))
      text.replace(at, origin.size(), directory.string());
  return text;
}

}  // namespace

LibrarySearch::LibrarySearch() : cache_(read_cache()) {
  const char* variable = std::getenv("LD_LIBRARY_PATH");
  const std::string_view text = variable == nullptr ? "" : variable;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find_first_of(":;", begin), text.size());
    preferred_.emplace_back(end == begin ? "." : text.substr(begin, end - begin));
    begin = end + 1;
  }
}

fs::path LibrarySearch::find(const std::string& name, const fs::path& directory,
                             const std::vector<std::string>& search_path) const {
  if (name.find('/') != std::string::npos) return fits(name) ? fs::path(name) : fs::path();
  auto places = preferred_;
  for (const auto& place : search_path) places.emplace_back(with_origin(place, directory));
  for (const auto& place : places)
    if (fits(place / name)) return place / name;
  if (const auto cached = cache_.find(name); cached != cache_.end() && fits(cached->second)) return cached->second;
  for (const auto* place : {"/lib", "/usr/lib", "/lib64", "/usr/lib64"})
    if (fits(fs::path(place) / name)) return fs::path(place) / name;
  return {};
}

Needs find_needs(const LibraryFile& library, const fs::path& path) {
  const LibrarySearch search;
  Needs needs;
  std::set<std::string> provided = library.exported;
  std::set<std::string> seen;
  bool all_found = true;
  // The loader, too, goes breadth first.
  std::deque<std::pair<LibraryFile, fs::path>> to_visit{{library, fs::absolute(path).parent_path()}};
  for (bool own = true; !to_visit.empty(); own = false) {
    const auto [visited, directory] = std::move(to_visit.front());
    to_visit.pop_front();
    for (const auto& name : visited.libraries) {
      if (!seen.insert(name).second) continue;
      const auto found = search.find(name, directory, visited.search_path);
      if (own) needs.libraries.push_back({name, found});
      all_found = all_found && !found.empty();
      const auto bytes = found.empty() ? std::nullopt : file_bytes(found);
      if (!bytes) continue;
      auto next = read_library(*bytes);
      if (const auto wanted = visited.needed_versions.find(name); own && wanted != visited.needed_versions.end())
        for (const auto& version : wanted->second)
          if (!next.versions.contains(version)) needs.missing_versions.push_back(version + " of " + name);
      provided.insert(next.exported.begin(), next.exported.end());
      to_visit.emplace_back(std::move(next), found.parent_path());
    }
  }
  if (all_found)
    std::set_difference(library.undefined.begin(), library.undefined.end(), provided.begin(), provided.end(),
                        std::back_inserter(needs.missing_symbols));
  return needs;
}

}  // namespace fulfilld

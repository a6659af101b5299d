// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <unordered_map>

#include "actors/ports/clock.hpp"
#include "runtime/egress/name_lookup.hpp"

namespace fulfilld {

/// Remembers what names resolved to, for a while. Not synchronised.
class NameCache {
 public:
  static constexpr std::size_t max_names = 1024;

  NameCache(std::chrono::milliseconds ttl, std::chrono::milliseconds failed_ttl) : ttl_(ttl), failed_ttl_(failed_ttl) {}

  /// Null if nothing is known, or not any more. Valid until the next call.
  [[nodiscard]] const Resolution* find(const std::string& host, MonotonicTime now) const;

  void put(const std::string& host, Resolution resolution, MonotonicTime now);

  /// Lets `address`, which answered, be tried first from now on.
  void prefer(const std::string& host, const boost::asio::ip::address& address);

 private:
  struct Entry {
    Resolution resolution;
    MonotonicTime expires;
  };
  void make_room(MonotonicTime now);

  std::chrono::milliseconds ttl_;
  std::chrono::milliseconds failed_ttl_;
  std::unordered_map<std::string, Entry> entries_;
};

}  // namespace fulfilld

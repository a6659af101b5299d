// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/name_cache.hpp"

#include <algorithm>
#include <utility>

namespace fulfilld {

const Resolution* NameCache::find(const std::string& host, MonotonicTime now) const {
  const auto found = entries_.find(host);
  return found == entries_.end() || now >= found->second.expires ? nullptr : &found->second.resolution;
}

void NameCache::put(const std::string& host, Resolution resolution, MonotonicTime now) {
  if (entries_.size() >= max_names && !entries_.contains(host)) make_room(now);
  const MonotonicTime expires = now + (resolution.addresses.empty() ? failed_ttl_ : ttl_);
  entries_.insert_or_assign(host, Entry{std::move(resolution), expires});
}

void NameCache::prefer(const std::string& host, const boost::asio::ip::address& address) {
  const auto entry = entries_.find(host);
  if (entry == entries_.end()) return;
  auto& addresses = entry->second.resolution.addresses;
  const auto found = std::find(addresses.begin(), addresses.end(), address);
  if (found != addresses.end()) std::rotate(addresses.begin(), found, found + 1);
}

void NameCache::make_room(MonotonicTime now) {
  std::erase_if(entries_, [now](const auto& entry) { return now >= entry.second.expires; });
  if (entries_.size() < max_names) return;
  entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                  [](const auto& a, const auto& b) { return a.second.expires < b.second.expires; }));
}

}  // namespace fulfilld

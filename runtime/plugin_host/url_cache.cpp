// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/url_cache.hpp"

#include <functional>

namespace fulfilld {

ParsedUrl UrlCache::parse(std::string_view text) {
  auto& slot = slots_[std::hash<std::string_view>{}(text) % slots_.size()];
  {
    const std::lock_guard lock(mutex_);
    if (!slot.empty() && slot.text == text) return {slot, {}};
  }
  ParsedUrl parsed = parse_url(text);
  if (parsed.url) {
    const std::lock_guard lock(mutex_);
    slot = *parsed.url;
  }
  return parsed;
}

}  // namespace fulfilld

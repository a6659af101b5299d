// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/idempotency_key.hpp"

#include <Poco/Net/HTTPRequest.h>
#include <Poco/String.h>

#include <algorithm>

#include "runtime/ingress/header_text.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t longest = 255;

bool usable(std::string_view key) noexcept {
  return !key.empty() && key.size() <= longest &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

IdempotencyKey idempotency_key(const Poco::Net::HTTPRequest& request) {
  static const std::string header = "Idempotency-Key";
  IdempotencyKey found;
  for (auto field = request.find(header); field != request.end(); ++field) {
    if (Poco::icompare(field->first, header) != 0) break;  // fields of one name stand together
    const auto key = trimmed(field->second);
    if (!usable(key)) return {{}, "Idempotency-Key must be 1 to 255 visible ASCII characters"};
    if (!found.key.empty() && found.key != key) return {{}, "Idempotency-Key is given more than once"};
    found.key = key;
  }
  return found;
}

}  // namespace fulfilld

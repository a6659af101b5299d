// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace fulfilld::journal {

/// How often an id that belongs to other fulfillmentUrls is changed before the execution is refused.
constexpr unsigned longest_chain = 16;

/// The id that is tried next where `id` (and the links before) belong to another fulfillmentUrl: `<id>-<8 hex>`.
/// The same for the same arguments, so that a repeat finds the execution that it repeats. At most 128 characters.
[[nodiscard]] std::string chained_id(std::string_view id, std::string_view url, unsigned link);

}  // namespace fulfilld::journal

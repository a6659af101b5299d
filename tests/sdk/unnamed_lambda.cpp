// SPDX-License-Identifier: Apache-2.0
// Does not compile with g++, which would destroy `id` twice.
#include <fulfill/blocking.hpp>
#include <fulfill/task.hpp>

#include <cstddef>
#include <string>

fulfill::Task<std::size_t> find(fulfill::Context& context, std::string id);

fulfill::Task<std::size_t> find(fulfill::Context& context, std::string id) {
  co_return co_await context.blocking([id] { return id.size(); });
}

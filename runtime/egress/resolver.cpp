// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/resolver.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "runtime/egress/address_order.hpp"

namespace fulfilld {

Resolver::Resolver(boost::asio::io_context& context, LookUp look_up, LookUpLimits limits, NameCache cache)
    : cache_(std::move(cache)),
      self_(std::make_shared<Resolver*>(this)),
      context_(context),
      threads_(std::move(look_up), limits,
               [&context, weak = std::weak_ptr(self_)](std::string host, Resolution resolution) {
                 boost::asio::post(context, [weak, host = std::move(host), resolution = std::move(resolution)] {
                   if (const auto self = weak.lock()) (*self)->done(host, resolution);
                 });
               }) {}

Resolver::Ticket Resolver::wait_for(const std::string& host, Waiter waiter) {
  const Ticket ticket = ++last_ticket_;
  const auto [lookup, is_new] = lookups_.try_emplace(host);
  lookup->second.emplace(ticket, std::move(waiter));
  if (is_new && !threads_.submit(host))
    boost::asio::post(context_, [weak = std::weak_ptr(self_), host] {
      if (const auto self = weak.lock()) (*self)->done(host, {{}, "too many names wait for the resolver"});
    });
  return ticket;
}

void Resolver::cancel(const std::string& host, Ticket ticket) {
  const auto lookup = lookups_.find(host);
  if (lookup == lookups_.end()) return;
  lookup->second.erase(ticket);
  // Names that nobody waits for any more must not be in the way when the resolver works again.
  if (lookup->second.empty() && threads_.withdraw(host)) lookups_.erase(lookup);
}

void Resolver::done(const std::string& host, Resolution resolution) {
  if (resolution.addresses.empty() && resolution.problem.empty()) resolution.problem = "the name has no address";
  resolution.addresses = in_turns(resolution.addresses);
  cache_.put(host, resolution, std::chrono::steady_clock::now());
  const auto node = lookups_.extract(host);
  if (!node) return;
  // A waiter may cancel another one of this name while they are called: it is not in `lookups_` any more, so each
  // checks for itself whether it still wants the answer.
  for (auto& [ticket, waiter] : node.mapped()) waiter(resolution);
}

}  // namespace fulfilld

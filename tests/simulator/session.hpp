// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>  // boost/asio/awaitable.hpp of 1.74 uses std::exchange without it

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>

#include "tests/simulator/fault.hpp"
#include "tests/simulator/message.hpp"
#include "tests/simulator/peer.hpp"
#include "tests/simulator/record.hpp"
#include "tests/simulator/signal.hpp"

namespace fulfilld::simulator {

/// What a part of the simulator makes of a request: the answer, the fault that meets it, and what to note.
struct Exchange {
  Reply reply;
  Fault fault;
  std::shared_ptr<Entry> entry;    ///< null: not recorded
  std::function<void()> accepted;  ///< called when a 2xx answer begins, or at once if the fault says `taken`

  Exchange() = default;
};

/// Turns a request into its answer. `connection` is the number of the connection that it came on.
using Handler = std::function<asio::awaitable<Exchange>(const Request& request, std::uint64_t connection)>;

/// Serves the requests of one connection, one after the other, until it ends. The references outlive it.
asio::awaitable<void> serve(Peer& peer, const Handler& handler, std::uint64_t connection, Record& record,
                            Signal& release);

}  // namespace fulfilld::simulator

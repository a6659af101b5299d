// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/address_order.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace fulfilld {
namespace {

using Addresses = std::vector<boost::asio::ip::address>;

Addresses list(std::initializer_list<const char*> texts) {
  Addresses addresses;
  for (const auto* text : texts) addresses.push_back(boost::asio::ip::make_address(text));
  return addresses;
}

TEST(AddressOrder, FamiliesTakeTurnsBeginningWithTheFirst) {
  EXPECT_EQ(in_turns(list({"2001:db8::1", "2001:db8::2", "2001:db8::3", "192.0.2.1", "192.0.2.2"})),
            list({"2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3"}));
  EXPECT_EQ(in_turns(list({"192.0.2.1", "192.0.2.2", "2001:db8::1"})), list({"192.0.2.1", "2001:db8::1", "192.0.2.2"}));
}

TEST(AddressOrder, OneFamilyStaysAsItIs) {
  for (const auto& addresses : {list({}), list({"192.0.2.2"}), list({"192.0.2.2", "192.0.2.1", "192.0.2.3"})})
    EXPECT_EQ(in_turns(addresses), addresses);
}

}  // namespace
}  // namespace fulfilld

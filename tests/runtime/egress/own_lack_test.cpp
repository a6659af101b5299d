// SPDX-License-Identifier: Apache-2.0
#include "runtime/egress/own_lack.hpp"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cerrno>

#include "runtime/egress/name_lookup.hpp"
#include "tests/runtime/egress/no_more_descriptors.hpp"

namespace fulfilld {
namespace {

boost::system::error_code of(int error) { return {error, boost::system::system_category()}; }

TEST(OwnLack, IsWantOfDescriptorsPortsOrMemory) {
  for (const int error : {EMFILE, ENFILE, ENOBUFS, ENOMEM, EADDRNOTAVAIL}) EXPECT_TRUE(is_own_lack(of(error))) << error;
}

TEST(OwnLack, IsNothingThatThePeerOrTheNetworkMayBeToBlameFor) {
  for (const int error : {0, ECONNREFUSED, ETIMEDOUT, ENETUNREACH, EHOSTUNREACH, ECONNRESET, EACCES, EPERM})
    EXPECT_FALSE(is_own_lack(of(error))) << error;
  EXPECT_FALSE(is_own_lack({EMFILE, boost::asio::error::get_ssl_category()})) << "a number of another kind";
}

TEST(OwnLack, IsSeenAlsoWhereAnErrorDoesNotSaySo) {
  EXPECT_EQ(lack_of_descriptors(), 0);
  const testing::NoMoreDescriptors none;
  EXPECT_EQ(lack_of_descriptors(), EMFILE);
}

TEST(OwnLack, ANameIsNotBlamedForIt) {
  EXPECT_FALSE(system_look_up("no_such_name.invalid").own_lack);
  const testing::NoMoreDescriptors none;
  const Resolution resolution = system_look_up("no_such_name.invalid");
  EXPECT_TRUE(resolution.addresses.empty());
  EXPECT_TRUE(resolution.own_lack) << resolution.problem;
  EXPECT_EQ(resolution.problem, "Too many open files");
}

}  // namespace
}  // namespace fulfilld

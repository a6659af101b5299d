// SPDX-License-Identifier: Apache-2.0
// g++ 12 destroys an aggregate temporary of a co_await expression twice: no type that an adapter may put there is one.
#include <gtest/gtest.h>
#include <fulfill/adapter.hpp>

#include <type_traits>

namespace fulfill {
namespace {

template <typename... Types>
constexpr bool none_is_an_aggregate = (!std::is_aggregate_v<Types> && ...);

TEST(SdkTypes, AreNoAggregates) {
  EXPECT_TRUE((none_is_an_aggregate<Task<>, Task<int>, Task<int>::Awaiter, Request, Response, Header, Result, Input,
                                    Settings, Context, HttpCall, Sleep, Failed, HttpError, SettingError>));
}

}  // namespace
}  // namespace fulfill

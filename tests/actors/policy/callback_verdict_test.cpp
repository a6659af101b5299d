// SPDX-License-Identifier: Apache-2.0
#include "actors/policy/callback_verdict.hpp"

#include <gtest/gtest.h>

namespace fulfilld {
namespace {

CallbackVerdict of_status(int status, HttpFailure failure = HttpFailure::none) {
  HttpAnswer answer;
  answer.status = status;
  answer.failure = failure;
  answer.request_sent = true;
  return judge_callback(answer);
}

TEST(CallbackVerdict, Any2xxIsTakenWhateverItsBody) {
  for (const int status : {200, 201, 202, 204, 206, 299}) EXPECT_EQ(of_status(status), CallbackVerdict::taken);
  HttpAnswer html;
  html.status = 200;
  html.body = "<html>not JSON</html>";
  EXPECT_EQ(judge_callback(html), CallbackVerdict::taken);
}

TEST(CallbackVerdict, A2xxWithTooMuchBodyIsTaken) {
  EXPECT_EQ(of_status(200, HttpFailure::too_large), CallbackVerdict::taken);
}

TEST(CallbackVerdict, A2xxWhoseBodyOrFieldsCannotBeReadIsTaken) {
  EXPECT_EQ(of_status(200, HttpFailure::bad_answer), CallbackVerdict::taken)
      << "it would be answered so again and again";
}

TEST(CallbackVerdict, A2xxThatBrokeOffIsAmbiguousSoTheSameBodyIsRepeated) {
  for (const auto failure : {HttpFailure::timeout, HttpFailure::reset})
    EXPECT_EQ(of_status(200, failure), CallbackVerdict::try_again);
}

TEST(CallbackVerdict, UnauthorizedAndForbiddenAreAboutTheToken) {
  EXPECT_EQ(of_status(401), CallbackVerdict::token_refused);
  EXPECT_EQ(of_status(403), CallbackVerdict::token_refused);
}

TEST(CallbackVerdict, TemporaryStatusesAreTriedAgain) {
  for (const int status : {408, 421, 425, 429, 500, 501, 502, 503, 504, 599})
    EXPECT_EQ(of_status(status), CallbackVerdict::try_again) << status;
}

TEST(CallbackVerdict, RedirectsAndOtherClientErrorsAreRefusedForGood) {
  for (const int status : {300, 301, 302, 303, 304, 307, 308, 400, 402, 404, 405, 406, 409, 410, 415, 422, 451})
    EXPECT_EQ(of_status(status), CallbackVerdict::refused) << status;
}

TEST(CallbackVerdict, ABodyThatIsRefusedForItsSizeIsTooLarge) {
  EXPECT_EQ(of_status(413), CallbackVerdict::too_large);
  HttpAnswer answer;
  answer.status = 400;
  for (const auto* body :
       {R"({"message":"Request is TOO LARGE","code":"bad.request","status":400})",
        R"({"status":400,"limit":{"key":"request.bytes.max","value":512000}})", "the body exceeds the maximum size"}) {
    answer.body = body;
    EXPECT_EQ(judge_callback(answer), CallbackVerdict::too_large) << body;
  }
  answer.body = R"({"message":"externalResponse is not valid","code":"bad.request","status":400})";
  EXPECT_EQ(judge_callback(answer), CallbackVerdict::refused);
}

TEST(CallbackVerdict, EveryFailureBelowHttpIsTriedAgain) {
  for (const auto failure :
       {HttpFailure::resolve, HttpFailure::connect, HttpFailure::tls, HttpFailure::timeout, HttpFailure::reset,
        HttpFailure::bad_answer, HttpFailure::too_large, HttpFailure::no_socket})
    EXPECT_EQ(of_status(0, failure), CallbackVerdict::try_again);
}

TEST(CallbackVerdict, AStatusReadBeforeAFailureDoesNotDecide) {
  for (const int status : {302, 401, 403, 404})
    EXPECT_EQ(of_status(status, HttpFailure::reset), CallbackVerdict::try_again) << status;
}

}  // namespace
}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "runtime/ingress/answer.hpp"
#include "runtime/ingress/chunked_body.hpp"
#include "runtime/ingress/content_type.hpp"
#include "runtime/ingress/execution_id.hpp"
#include "runtime/ingress/json_number.hpp"
#include "runtime/ingress/lone_surrogate.hpp"
#include "runtime/ingress/route.hpp"

namespace fulfilld {
namespace {

TEST(ExecutionIds, TakesTheLastSegmentOfThePathIfItFits) {
  ExecutionIds ids;
  EXPECT_EQ(ids.id_for("/api/v2/dataactions/fulfillments/a.B_c-9"), "a.B_c-9");
  EXPECT_EQ(ids.id_for("/f-1?x=/y"), "f-1");
  EXPECT_EQ(ids.id_for("/" + std::string(128, 'x')), std::string(128, 'x'));
}

TEST(ExecutionIds, MakesAnUnguessableOneWhereItDoesNot) {
  ExecutionIds ids;
  std::set<std::string> seen;
  for (const std::string& target : {std::string("/"), std::string("/f/"), std::string("/."), std::string("/.."),
                                    std::string("/a%20b"), std::string("/a;b"), "/" + std::string(129, 'x')}) {
    const auto id = ids.id_for(target);
    EXPECT_THAT(id, testing::MatchesRegex("[0-9a-f]{32}")) << target;
    EXPECT_TRUE(seen.insert(id).second);
  }
  ExecutionIds others;
  EXPECT_TRUE(seen.insert(others.id_for("/")).second);
}

TEST(Route, KnowsItsPaths) {
  EXPECT_EQ(route_of("/execute").action, "default");
  EXPECT_EQ(route_of("/execute?x=1").action, "default");
  EXPECT_EQ(route_of("/execute/crm").action, "crm");
  EXPECT_EQ(route_of("http://host:3000/execute/crm?x").action, "crm");
  EXPECT_EQ(route_of("https://host").endpoint, Route::Endpoint::none);
  for (const auto* path : {"", "*", "/", "/execute/", "/executed", "/Execute", "execute", "//execute", "/healthz/"})
    EXPECT_EQ(route_of(path).endpoint, Route::Endpoint::none) << path;
}

TEST(Route, DecodesANameAfterItHasFoundIt) {
  EXPECT_EQ(route_of("/execute/my%2Daction").action, "my-action");
  EXPECT_EQ(route_of("/execute/%63rm?x=%41").action, "crm");
  EXPECT_EQ(route_of("/execute/k%C3%A4se%20").action, "k\xc3\xa4se ");
  EXPECT_EQ(route_of("/execute/a%2Fb").action, "a/b");
  EXPECT_EQ(route_of("/execute/%2E%2E").action, "..");
  EXPECT_EQ(route_of("/execute/a%3Fb").action, "a?b");
  EXPECT_EQ(route_of("/execute/a+b").action, "a+b");
  EXPECT_EQ(route_of("/%65xecute").action, "default");
  EXPECT_EQ(route_of("/healthz%2F").endpoint, Route::Endpoint::none);
  for (const auto* path : {"/execute%2Fcrm", "/execute%2f", "%2Fexecute", "/execute%3Fcrm"})
    EXPECT_EQ(route_of(path).endpoint, Route::Endpoint::none) << path;
}

TEST(Route, TakesWhatIsNoPercentEncodingForItself) {
  for (const auto* name : {"%", "a%", "a%4", "%zz", "%4g", "%%41"}) {
    const auto route = route_of("/execute/" + std::string(name));
    EXPECT_EQ(route.action, std::string(name) == "%%41" ? "%A" : name);
  }
}

TEST(ContentType, IsJsonInUtf8) {
  for (const auto* type :
       {"application/json", "APPLICATION/JSON", " application/json ; charset=UTF-8",
        "application/json;charset=\"utf-8\"", "application/json;", "application/json; charset=utf-8; x=y",
        "application/json; foo=bar", "application/json; foo=\"a;charset=latin1\\\";b\"",
        "application/json; odata.metadata=minimal;IEEE754Compatible=true", "application/json; charset=us-ascii",
        "application/json; charset=utf8", "application/json;;", "application/json; x"})
    EXPECT_TRUE(is_json_content_type(type)) << type;
  for (const auto* type : {"", "text/json", "application/json+x", "application/json; charset=utf-16",
                           "application/json; x=y; Charset=\"ISO-8859-1\"", "application/jso",
                           "application/json, text/plain", "application/json; charset"})
    EXPECT_FALSE(is_json_content_type(type)) << type;
}

TEST(LoneSurrogate, IsBlankedWhereItStands) {
  const auto blanked = [](std::string json) {
    blank_lone_surrogates(json);
    return json;
  };
  EXPECT_EQ(blanked(R"("\ud83d")"), R"("\u0000")");
  EXPECT_EQ(blanked(R"("\uDE00\ud83d\uDe00\uD83D")"), R"("\u0000\ud83d\uDe00\u0000")");
  EXPECT_EQ(blanked(R"("\\ud83d \\\ud83d")"), R"("\\ud83d \\\u0000")");
  for (const auto* whole : {R"("\ud83d\ude00")", R"("\u0041\\\"")", R"("\ud7ff\ue000")", "\"\\ud83", "\"\\", "\\u"})
    EXPECT_EQ(blanked(whole), whole);
}

TEST(JsonNumber, LeavesStringsAlone) {
  EXPECT_EQ(with_plain_numbers(R"({"1e400\"2":-12.5e3,"a":[7,"8"]})"), R"({"1e400\"2":0      ,"a":[0,"8"]})");
  EXPECT_EQ(with_plain_numbers("[1., 5]"), "[1., 5]");
  EXPECT_EQ(with_plain_numbers("\"\\"), "\"\\");
}

TEST(Answer, EscapesWhatItQuotes) {
  EXPECT_EQ(error_answer(Reason::not_found, "a\"b\\c\n\x01\xc3").body,
            R"({"error":"No such path","code":"not_found","detail":"a\"b\\c\n??"})");
}

TEST(Answer, IsWrittenAsOneMessage) {
  std::string bytes;
  append_http(bytes, error_answer(Reason::overloaded), {.last = true, .date = "now"});
  EXPECT_EQ(bytes.substr(0, bytes.find("\r\n\r\n")),
            "HTTP/1.1 503 Service Unavailable\r\nDate: now\r\nContent-Type: application/json\r\n"
            "Content-Length: 74\r\nRetry-After: 5\r\nConnection: close");
}

TEST(Answer, SaysWhenToComeBackWhereThatIsKnown) {
  const auto retry_after = [](const Answer& answer) {
    std::string bytes;
    append_http(bytes, answer, {});
    const auto at = bytes.find("Retry-After: ");
    return at == std::string::npos ? "" : bytes.substr(at + 13, bytes.find('\r', at) - at - 13);
  };
  EXPECT_EQ(retry_after(refusal_answer({Reason::backlog_too_long, std::chrono::seconds(37), "many wait"})), "37");
  EXPECT_EQ(retry_after(error_answer(Reason::journal_unavailable)), "5");
  EXPECT_EQ(retry_after(error_answer(Reason::bad_request)), "");
}

TEST(ChunkedBody, ReadsTheSameInPiecesOfAnySize) {
  const std::string bytes = "3;a=b\r\nabc\r\n0A \r\n0123456789\r\n000\r\nTrailer: 1\r\nOther: 2\r\n\r\nrest";
  for (std::size_t size = 1; size <= bytes.size(); ++size) {
    std::string content;
    ChunkedBody body(content, 13);
    auto state = ChunkedBody::State::more;
    for (std::size_t at = 0; at < bytes.size(); at += size) state = body.feed(bytes.substr(at, size));
    EXPECT_EQ(state, ChunkedBody::State::complete);
    EXPECT_EQ(content, "abc0123456789");
  }
}

TEST(ChunkedBody, StopsAtItsLimitBeforeTakingTheChunk) {
  std::string content;
  ChunkedBody body(content, 12);
  EXPECT_EQ(body.feed("3\r\nabc\r\nA\r\n0123456789\r\n"), ChunkedBody::State::too_large);
  EXPECT_EQ(content, "abc");
}

TEST(ChunkedBody, BoundsExtensionsAndTrailers) {
  std::string content;
  EXPECT_EQ(ChunkedBody(content, 9).feed("1;" + std::string(9000, 'x')), ChunkedBody::State::broken);
  std::string trailers = "0\r\n";
  for (int i = 0; i < 5000; ++i) trailers += "a\r\n";
  EXPECT_EQ(ChunkedBody(content, 9).feed(trailers), ChunkedBody::State::broken);
}

TEST(ChunkedBody, SurvivesAnyBytes) {
  std::mt19937 random(1);
  const std::string alphabet = "0123aF;\r\n\r\n x";
  for (int round = 0; round < 20000; ++round) {
    std::string bytes(random() % 40, ' ');
    for (auto& c : bytes) c = alphabet[random() % alphabet.size()];
    std::string content;
    ChunkedBody body(content, 100);
    const auto state = body.feed(bytes);
    EXPECT_LE(content.size(), std::min<std::size_t>(100, bytes.size()));
    EXPECT_TRUE(state != ChunkedBody::State::complete || bytes.find("\r\n\r\n") != std::string::npos) << bytes;
  }
}

}  // namespace
}  // namespace fulfilld

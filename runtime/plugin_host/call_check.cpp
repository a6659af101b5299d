// SPDX-License-Identifier: Apache-2.0
#include "runtime/plugin_host/call_check.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string_view>
#include <utility>

#include "runtime/plugin_host/lent_text.hpp"

namespace fulfilld {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongestMethod = 32;
constexpr std::size_t kHeaderRoom = 64 << 10;
constexpr std::size_t kBodyRoom = 16 << 20;
constexpr std::int64_t kLongestTimeoutMs = 24 * 3600 * 1000;

bool same(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool is_token(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7F;
  });
}

/// Fields that say how the message travels; they are the engine's.
bool is_hosts_own(std::string_view name) {
  constexpr std::array<std::string_view, 10> kOwn = {
      "Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection",
      "TE",   "Trailer",        "Upgrade",           "Expect"};
  return std::any_of(kOwn.begin(), kOwn.end(), [&](std::string_view own) { return same(own, name); });
}

OperationClass class_of(std::uint32_t declared, std::string_view method) {
  switch (declared) {
    case FULFILL_OPERATION_SAFE:
      return OperationClass::safe;
    case FULFILL_OPERATION_IDEMPOTENT:
      return OperationClass::idempotent;
    case FULFILL_OPERATION_BY_METHOD:
      if (method == "GET" || method == "HEAD" || method == "OPTIONS") return OperationClass::safe;
      if (method == "PUT" || method == "DELETE") return OperationClass::idempotent;
      return OperationClass::unsafe;
    default:
      return OperationClass::unsafe;
  }
}

/// Writes the header lines; returns what is wrong with them.
std::string add_fields(const fulfill_request_v1& wanted, CheckedCall& checked) {
  auto& request = checked.call.request;
  std::size_t room = 0;
  for (std::size_t i = 0; i < wanted.field_count; ++i)
    room += wanted.fields[i].name.size + wanted.fields[i].value.size + 4;
  if (room > kHeaderRoom) return "the header is larger than 64 KiB";
  request.header_lines.reserve(room + 160);  // an Idempotency-Key may follow
  for (std::size_t i = 0; i < wanted.field_count; ++i) {
    const std::string_view name = view(wanted.fields[i].name);
    const std::string_view value = view(wanted.fields[i].value);
    if (!is_token(name)) return "a header field has an invalid name";
    if (!is_field_value(value)) return "header field \"" + std::string(name) + "\" holds a control character";
    if (is_hosts_own(name)) return "header field \"" + std::string(name) + "\" belongs to the host";
    if (same(name, "Authorization")) {
      request.authorization = value;
      continue;
    }
    if (same(name, "Idempotency-Key")) checked.has_own_key = true;
    request.header_lines.append(name).append(": "sv).append(value).append("\r\n"sv);
  }
  return {};
}

std::shared_ptr<const std::string> shared_body(std::string_view body, const ExecutionPtr& execution) {
  const std::string& data = execution->data;
  if (body.data() == data.data() && body.size() == data.size()) return {execution, &data};
  return std::make_shared<const std::string>(body);
}

std::string check(const fulfill_request_v1& wanted, const ExecutionPtr& execution, UrlCache& urls,
                  CheckedCall& checked) {
  const std::string_view method = view(wanted.method);
  if (!is_token(method) || method.size() > kLongestMethod) return "the method is not an HTTP token";
  if (method == "CONNECT" || method == "TRACE") return "the method " + std::string(method) + " cannot be used";
  auto [url, problem] = urls.parse(view(wanted.url));
  if (!url) return "the URL cannot be called: " + problem;
  if (wanted.has_body != 0 && wanted.body.size > kBodyRoom) return "the body is larger than 16 MiB";
  if (auto wrong = add_fields(wanted, checked); !wrong.empty()) return wrong;

  auto& call = checked.call;
  call.request.method = method;
  call.request.url = std::move(*url);
  if (wanted.has_body != 0) call.request.body = shared_body(view(wanted.body), execution);
  call.operation = class_of(wanted.operation, method);
  call.time_limit = std::chrono::milliseconds(std::clamp<std::int64_t>(wanted.timeout_ms, 0, kLongestTimeoutMs));
  return {};
}

}  // namespace

CheckedCall check_call(const fulfill_request_v1& wanted, const ExecutionPtr& execution, UrlCache& urls) {
  CheckedCall checked;
  checked.problem = check(wanted, execution, urls, checked);
  return checked;
}

}  // namespace fulfilld

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fulfill/input.hpp>
#include <fulfill/operation.hpp>

namespace fulfill {

/// Percent-encodes text for use in a path or query: all but the unreserved characters of RFC 3986, 2.3.
[[nodiscard]] inline std::string escape(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string escaped;
  escaped.reserve(text.size());
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      escaped += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      escaped += '%';
      escaped += kHex[byte >> 4];
      escaped += kHex[byte & 15];
    }
  }
  return escaped;
}

namespace detail {

/// Origin and path of a URL, or of a reference to one, for messages.
[[nodiscard]] inline std::string place_of(std::string_view url) {
  constexpr std::size_t kLongest = 200;
  url = url.substr(0, url.find_first_of("?#"));
  const std::size_t scheme = url.find("//");
  std::string place;
  if (scheme != std::string_view::npos && url.find('/') >= scheme) {
    place = url.substr(0, scheme + 2);
    url.remove_prefix(scheme + 2);
    const std::size_t user = url.substr(0, url.find('/')).rfind('@');
    if (user != std::string_view::npos) url.remove_prefix(user + 1);
  }
  place += url.substr(0, kLongest);
  if (url.size() > kLongest) place += "...";
  for (char& c : place)
    if (c < ' ' || c > '~') c = '?';
  return place;
}

}  // namespace detail

/// A backend call, before it is made: `co_await ctx.http(get("/orders").query("customer", id))`.
///
/// The host checks it when it is made (URL, method, header names and values); what is not allowed comes out of the
/// `co_await` as HttpError with `request_not_allowed`. Limits, retries, credentials and Idempotency-Key are the host's.
class Request {
 public:
  /// `url`: absolute, or a path from '/' on, which is appended to the setting `base_url`. Escape what you put in.
  Request(std::string method, std::string url) : method_(std::move(method)), url_(std::move(url)) {}

  /// Adds a header field. Host, Content-Length, Transfer-Encoding and Connection are the host's.
  Request& header(std::string name, std::string value) & {
    headers_.emplace_back(std::move(name), std::move(value));
    return *this;
  }
  Request&& header(std::string name, std::string value) && {
    return std::move(header(std::move(name), std::move(value)));
  }

  /// `Authorization: Bearer <token>`. An action with a `credential` needs none: the host adds it.
  Request& bearer(std::string_view token) & { return header("Authorization", "Bearer " + std::string(token)); }
  Request&& bearer(std::string_view token) && { return std::move(bearer(token)); }

  /// Appends `name=value` to the query, both escaped.
  Request& query(std::string_view name, std::string_view value) & {
    url_ += url_.find('?') == std::string::npos ? '?' : '&';
    url_ += escape(name) + "=" + escape(value);
    return *this;
  }
  Request&& query(std::string_view name, std::string_view value) && { return std::move(query(name, value)); }

  /// Sends these bytes; set Content-Type yourself.
  Request& body(std::string bytes) & {
    owned_body_ = std::move(bytes);
    lent_body_ = {};
    has_body_ = true;
    return *this;
  }
  Request&& body(std::string bytes) && { return std::move(body(std::move(bytes))); }

  /// Sends the input as it came, as JSON, without copying it.
  Request& json(const Input& input) & {
    owned_body_.clear();
    lent_body_ = input.data();
    has_body_ = true;
    return header("Content-Type", "application/json");
  }
  Request&& json(const Input& input) && { return std::move(json(input)); }

  /// Sends a JSON value: a `fulfill::Json`, or anything whose `dump()` returns its text.
  template <typename Value>
  requires requires(const Value& value) { std::string(value.dump()); }
  Request& json(const Value& value) & { return body(value.dump()).header("Content-Type", "application/json"); }
  template <typename Value>
  requires requires(const Value& value) { std::string(value.dump()); }
  Request&& json(const Value& value) && { return std::move(json(value)); }

  /// Appends `name=value` to a form body (application/x-www-form-urlencoded), both escaped.
  Request& form(std::string_view name, std::string_view value) & {
    if (has_body_) {
      owned_body_ += '&';
    } else {
      has_body_ = true;
      header("Content-Type", "application/x-www-form-urlencoded");
    }
    owned_body_ += escape(name) + "=" + escape(value);
    return *this;
  }
  Request&& form(std::string_view name, std::string_view value) && { return std::move(form(name, value)); }

  /// Says how often the call may be carried out. After a failure that leaves it open whether it was, the host tries
  /// again only what is safe or idempotent; an unsafe call then ends as `outcome_unknown`. The README has a table.
  Request& operation(Operation operation) & {
    operation_ = operation;
    return *this;
  }
  Request&& operation(Operation operation) && { return std::move(this->operation(operation)); }
  Request& safe() & { return operation(Operation::safe); }
  Request&& safe() && { return std::move(safe()); }
  Request& idempotent() & { return operation(Operation::idempotent); }
  Request&& idempotent() && { return std::move(idempotent()); }
  Request& unsafe() & { return operation(Operation::unsafe); }
  Request&& unsafe() && { return std::move(unsafe()); }

  /// Limit of each attempt, connect to last byte. More than the action's `attempt_timeout` is cut to it.
  Request& timeout(std::chrono::milliseconds limit) & {
    timeout_ = limit;
    return *this;
  }
  Request&& timeout(std::chrono::milliseconds limit) && { return std::move(timeout(limit)); }

  /// Takes an answer of any status as a Response; otherwise one that is not 2xx throws HttpError. The refusal of a
  /// repetition of what may have been carried out is no answer: that throws (`outcome_unknown`).
  Request& any_status() & {
    any_status_ = true;
    return *this;
  }
  Request&& any_status() && { return std::move(any_status()); }

  [[nodiscard]] const std::string& method() const noexcept { return method_; }
  [[nodiscard]] const std::string& url() const noexcept { return url_; }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& headers() const noexcept { return headers_; }
  [[nodiscard]] bool has_body() const noexcept { return has_body_; }
  [[nodiscard]] std::string_view body() const noexcept { return lent_body_.empty() ? owned_body_ : lent_body_; }
  [[nodiscard]] Operation operation() const noexcept { return operation_; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }
  [[nodiscard]] bool takes_any_status() const noexcept { return any_status_; }
  /// True if it must not be repeated once it may have been carried out: as declared, or by its method.
  [[nodiscard]] bool is_unsafe() const noexcept {
    if (operation_ != Operation::by_method) return operation_ == Operation::unsafe;
    return method_ != "GET" && method_ != "HEAD" && method_ != "OPTIONS" && method_ != "PUT" && method_ != "DELETE";
  }
  /// What a person knows it by: `POST https://shop.example/orders`. Without query and user information, which may hold
  /// what is nobody's business, and with 200 bytes of the path at most.
  [[nodiscard]] std::string name() const { return method_ + " " + detail::place_of(url_); }

 private:
  std::string method_;
  std::string url_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::string owned_body_;
  std::string_view lent_body_;  // of the Input, which lasts longer than any Request
  std::chrono::milliseconds timeout_{0};
  Operation operation_ = Operation::by_method;
  bool has_body_ = false;
  bool any_status_ = false;
};

[[nodiscard]] inline Request get(std::string url) { return Request("GET", std::move(url)); }
[[nodiscard]] inline Request post(std::string url) { return Request("POST", std::move(url)); }
[[nodiscard]] inline Request put(std::string url) { return Request("PUT", std::move(url)); }
[[nodiscard]] inline Request patch(std::string url) { return Request("PATCH", std::move(url)); }
[[nodiscard]] inline Request del(std::string url) { return Request("DELETE", std::move(url)); }

}  // namespace fulfill

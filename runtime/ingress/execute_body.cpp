// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/execute_body.hpp"

#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <fulfill/detail/json_number.hpp>
#include <utility>

#include "runtime/ingress/json_number.hpp"
#include "runtime/ingress/lone_surrogate.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t deepest_nesting = 64;
constexpr std::size_t longest_token = 8192;

ExecuteBody refuse(Reason reason, std::string detail) {
  ExecuteBody body;
  body.problem = reason;
  body.detail = std::move(detail);
  return body;
}

/// It may become the value of an Authorization header.
bool can_be_sent(std::string_view token) noexcept {
  return token.size() <= longest_token &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

/// The three members that count, each with how often it came.
struct Members {
  simdjson::dom::element url, token, data;
  int urls = 0, tokens = 0, datas = 0;

  explicit Members(simdjson::dom::object object) {
    for (const auto member : object) {
      if (member.key == "fulfillmentUrl") {
        url = member.value;
        ++urls;
      } else if (member.key == "fulfillmentToken") {
        token = member.value;
        ++tokens;
      } else if (member.key == "data") {
        data = member.value;
        ++datas;
      }
    }
  }
};

}  // namespace

const std::size_t ExecuteBodyParser::padding = simdjson::SIMDJSON_PADDING;

struct ExecuteBodyParser::Parsers {
  simdjson::dom::parser validator;
  simdjson::ondemand::parser slicer;
  std::size_t capacity = 0;
  std::string tame;  ///< what is parsed in place of a text that simdjson refuses and JSON allows
  bool surrogates_blanked = false;

  simdjson::error_code make_room(std::size_t size) {
    if (size <= capacity) return simdjson::SUCCESS;
    const auto wanted = std::bit_ceil(std::max<std::size_t>(size, 4096));
    if (const auto error = validator.allocate(wanted, deepest_nesting)) return error;
    if (const auto error = slicer.allocate(wanted)) return error;
    capacity = wanted;
    return simdjson::SUCCESS;
  }

  simdjson::simdjson_result<simdjson::dom::element> validate(std::string_view text) {
    tame.clear();
    surrogates_blanked = false;
    if (const auto error = make_room(text.size())) return error;
    auto document = validator.parse(text.data(), text.size(), false);
    const auto error = document.error();
    if (error == simdjson::SUCCESS || error == simdjson::DEPTH_ERROR || error == simdjson::MEMALLOC) return document;
    // simdjson converts what it reads, and refuses a number that fits no machine type and half of a surrogate pair. We
    // pass both on unread, so only their grammar counts: it is checked by hand, and everything else once more by
    // simdjson, in a text of the same length.
    tame = with_plain_numbers(text);
    surrogates_blanked = blank_lone_surrogates(tame);
    tame.reserve(tame.size() + simdjson::SIMDJSON_PADDING);
    return validator.parse(tame.data(), tame.size(), false);
  }

  /// True for a string that cannot be had as it was sent: half of a surrogate pair was in it.
  [[nodiscard]] bool is_blanked(std::string_view string) const noexcept {
    return surrogates_blanked && string.find('\0') != std::string_view::npos;
  }

  /// `data` in `text`, which has been validated.
  std::string_view slice_of_data(std::string_view text) {
    const std::string_view parsed = tame.empty() ? text : tame;
    const auto slice = slice_of_data_in(parsed);
    if (slice.empty()) return {};
    const auto whole = text.substr(static_cast<std::size_t>(slice.data() - parsed.data()));
    // A number was written over by a shorter one.
    if (const auto number = fulfill::detail::json_number_length(whole); number > 0) return whole.substr(0, number);
    return whole.substr(0, slice.find_last_not_of(" \t\r\n") + 1);
  }

 private:
  std::string_view slice_of_data_in(std::string_view text) {
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    const simdjson::padded_string_view padded(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING);
    if (slicer.iterate(padded).get(document) || document.get_object().get(object)) return {};
    for (auto member : object) {
      std::string_view key;
      if (member.unescaped_key().get(key)) return {};
      if (key != "data") continue;
      simdjson::ondemand::value value;
      std::string_view slice;
      if (member.value().get(value) || simdjson::to_json_string(value).get(slice)) return {};
      return slice;  // perhaps with the white space behind it
    }
    return {};
  }
};

ExecuteBodyParser::ExecuteBodyParser() : parsers_(std::make_unique<Parsers>()) {}
ExecuteBodyParser::ExecuteBodyParser(ExecuteBodyParser&&) noexcept = default;
ExecuteBodyParser& ExecuteBodyParser::operator=(ExecuteBodyParser&&) noexcept = default;
ExecuteBodyParser::~ExecuteBodyParser() = default;

ExecuteBody ExecuteBodyParser::parse(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());  // RFC 8259, section 8.1
  // Newer releases of simdjson (3.12, not 3.0) pass over one by themselves: that would make two.
  if (text.starts_with(byte_order_mark)) return refuse(Reason::malformed_json, "A second byte order mark");
  if (text.empty()) return refuse(Reason::missing_field, "The body is empty");
  simdjson::dom::element root;
  if (const auto error = parsers_->validate(text).get(root)) {
    if (error == simdjson::DEPTH_ERROR) return refuse(Reason::nested_too_deep, {});
    if (error == simdjson::MEMALLOC) return refuse(Reason::overloaded, {});
    return refuse(Reason::malformed_json, simdjson::error_message(error));
  }
  simdjson::dom::object object;
  if (root.get(object)) return refuse(Reason::missing_field, "The body is not a JSON object");

  const Members members(object);
  if (members.urls > 1) return refuse(Reason::missing_field, "fulfillmentUrl is given more than once");
  if (members.tokens > 1) return refuse(Reason::missing_field, "fulfillmentToken is given more than once");
  if (members.datas > 1) return refuse(Reason::missing_field, "data is given more than once");

  ExecuteBody body;
  if (members.urls == 0 || members.url.is_null()) return refuse(Reason::missing_field, "fulfillmentUrl is missing");
  if (members.url.get(body.fulfillment_url)) return refuse(Reason::missing_field, "fulfillmentUrl is not a string");
  if (body.fulfillment_url.empty()) return refuse(Reason::missing_field, "fulfillmentUrl is empty");
  if (parsers_->is_blanked(body.fulfillment_url))
    return refuse(Reason::malformed_json, "fulfillmentUrl has half of a surrogate pair");
  if (members.tokens == 1 && !members.token.is_null()) {
    if (members.token.get(body.fulfillment_token))
      return refuse(Reason::missing_field, "fulfillmentToken is not a string");
    if (parsers_->is_blanked(body.fulfillment_token))
      return refuse(Reason::malformed_json, "fulfillmentToken has half of a surrogate pair");
    if (!can_be_sent(body.fulfillment_token))
      return refuse(Reason::missing_field, "fulfillmentToken is too long or has characters that cannot be sent");
  }
  if (members.datas == 0 || members.data.is_null()) return refuse(Reason::missing_field, "data is missing");

  body.data = parsers_->slice_of_data(text);
  if (body.data.empty()) return refuse(Reason::internal_error, "data could not be cut out of the body");
  return body;
}

}  // namespace fulfilld

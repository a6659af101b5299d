// SPDX-License-Identifier: Apache-2.0
#include "runtime/ingress/chunked_body.hpp"

#include <algorithm>

#include "runtime/ingress/hex_digit.hpp"

namespace fulfilld {
namespace {

constexpr std::size_t most_digits = 8;
constexpr std::size_t most_overhead = 8192;

}  // namespace

ChunkedBody::State ChunkedBody::feed(std::string_view bytes) {
  while (!bytes.empty() && state_ == State::more) {
    if (expect_ == Expect::data) {
      bytes.remove_prefix(take_data(bytes));
    } else {
      state_ = take(bytes.front());
      bytes.remove_prefix(1);
    }
  }
  return state_;
}

std::size_t ChunkedBody::take_data(std::string_view bytes) {
  const auto size = std::min(left_, bytes.size());
  content_.append(bytes.substr(0, size));
  left_ -= size;
  if (left_ == 0) expect_ = Expect::data_cr;
  return size;
}

ChunkedBody::State ChunkedBody::take(char c) {
  const auto only = [&](char wanted, Expect next) {
    expect_ = next;
    return c == wanted ? State::more : State::broken;
  };
  switch (expect_) {
    case Expect::size:
      return take_size(c);
    case Expect::extension:
      if (c == '\n' || ++overhead_ > most_overhead) return State::broken;
      if (c == '\r') expect_ = Expect::size_end;
      return State::more;
    case Expect::size_end:
      return c == '\n' ? end_of_size() : State::broken;
    case Expect::data_cr:
      return only('\r', Expect::data_end);
    case Expect::data_end:
      digits_ = 0;
      return only('\n', Expect::size);
    case Expect::trailer:
      if (c == '\n' || ++overhead_ > most_overhead) return State::broken;
      if (c == '\r') expect_ = line_empty_ ? Expect::last_end : Expect::trailer_end;
      line_empty_ = false;
      return State::more;
    case Expect::trailer_end:
      line_empty_ = true;
      return only('\n', Expect::trailer);
    case Expect::last_end:
      return c == '\n' ? State::complete : State::broken;
    case Expect::data:
      break;
  }
  return State::broken;
}

ChunkedBody::State ChunkedBody::take_size(char c) {
  const int value = hex_value(c);
  if (value >= 0) {
    left_ = digits_ == 0 ? static_cast<std::size_t>(value) : left_ * 16 + static_cast<std::size_t>(value);
    return ++digits_ > most_digits ? State::broken : State::more;
  }
  if (digits_ == 0) return State::broken;
  if (c == '\r') {
    expect_ = Expect::size_end;
  } else if (c == ';' || c == ' ' || c == '\t') {
    expect_ = Expect::extension;
  } else {
    return State::broken;
  }
  return State::more;
}

ChunkedBody::State ChunkedBody::end_of_size() {
  if (left_ > limit_ - content_.size()) return State::too_large;
  expect_ = left_ == 0 ? Expect::trailer : Expect::data;
  line_empty_ = true;
  return State::more;
}

}  // namespace fulfilld

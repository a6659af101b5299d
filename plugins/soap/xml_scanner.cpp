// SPDX-License-Identifier: Apache-2.0
#include "xml_scanner.hpp"

#include <cstring>
#include <utility>

namespace soap {

XmlScanner::Place XmlScanner::place() const noexcept {
  switch (state_) {
    case State::text:
      return Place::text;
    case State::opened:
    case State::tag:
      return Place::tag;
    case State::quoted:
      return Place::quoted;
    case State::cdata:
      return Place::cdata;
    default:
      return Place::other;
  }
}

void XmlScanner::read(char c) {
  switch (state_) {
    case State::text:
      if (c == '<') state_ = State::opened;
      break;
    case State::opened:
      read_opened(c);
      break;
    case State::tag:
      read_tag(c);
      break;
    case State::quoted:
      if (c == quote_) state_ = State::tag;
      break;
    case State::exclaimed:
      read_exclaimed(c);
      break;
    case State::comment:
      read_until("-->", c);
      break;
    case State::cdata:
      read_until("]]>", c);
      break;
    case State::instruction:
      read_until("?>", c);
      break;
    case State::declaration:
      break;
  }
}

void XmlScanner::read_opened(char c) {
  token_.clear();
  if (c == '!') {
    state_ = State::exclaimed;
  } else if (c == '?') {
    state_ = State::instruction;
  } else {
    closing_ = c == '/';
    depth_ += closing_ ? -1 : 1;
    previous_ = 0;
    state_ = State::tag;
  }
}

void XmlScanner::read_tag(char c) {
  if (c == '"' || c == '\'') {
    quote_ = c;
    state_ = State::quoted;
    name_ended_ = true;
  } else if (c == '>') {
    if (previous_ == '/' && !closing_) --depth_;
    state_ = State::text;
  } else if (c == '=' || c == ' ' || c == '\t' || c == '\r' || c == '\n') {
    name_ended_ = true;
  } else {
    if (std::exchange(name_ended_, false)) token_.clear();
    if (token_.size() < kNamespace.size()) token_ += c;
  }
  previous_ = c;
}

void XmlScanner::read_exclaimed(char c) {
  token_ += c;
  if (token_ == "--") {
    state_ = State::comment;
    token_.clear();
  } else if (token_ == "[CDATA[") {
    state_ = State::cdata;
    token_.clear();
  } else if (!std::string_view("--").starts_with(token_) && !std::string_view("[CDATA[").starts_with(token_)) {
    state_ = State::declaration;
  }
}

void XmlScanner::read_until(const char* end, char c) {
  token_ += c;
  if (token_.size() > std::strlen(end)) token_.erase(0, 1);
  if (token_ == end) state_ = State::text;
}

}  // namespace soap

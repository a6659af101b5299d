// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "content_type.hpp"

namespace soap {

/// A SOAP message as it was sent, and what says how to read it. Views into the answer.
class Message {
 public:
  Message(std::string_view bytes, ContentType type) : bytes(bytes), type(std::move(type)) {}
  std::string_view bytes;
  ContentType type;
};

/// The message in an answer: all of it, or of multipart/related (RFC 2387; so come MTOM and SOAP with attachments) the
/// part that `start` names, else the first one. Throws XmlError if there is none.
[[nodiscard]] Message message_in(std::string_view body, std::string_view content_type);

}  // namespace soap

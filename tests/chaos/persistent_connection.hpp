// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/integration/http_client.hpp"

namespace fulfilld::chaos {

/// How a request ended.
struct Try {
  enum class End : std::uint8_t {
    answered,
    refused,  ///< nobody listens: nothing was sent
    broken,   ///< sent, perhaps in part, and no answer: whether it was taken is open
  };
  End end = End::refused;
  integration::HttpReply reply;
};

/// A client's connection to the service, kept from request to request while the service keeps it.
class PersistentConnection {
 public:
  PersistentConnection() = default;
  PersistentConnection(const PersistentConnection&) = delete;
  PersistentConnection& operator=(const PersistentConnection&) = delete;
  ~PersistentConnection() { close(); }

  /// Posts a JSON body and waits for the answer, no longer than `integration::patience`.
  [[nodiscard]] Try post(std::uint16_t port, const std::string& path, std::string_view body,
                         const std::map<std::string, std::string>& fields = {});

  void close();

 private:
  [[nodiscard]] bool open(std::uint16_t port);
  [[nodiscard]] bool send(std::string_view bytes) const;
  [[nodiscard]] bool receive(integration::HttpReply& reply);

  int socket_ = -1;
  std::uint16_t port_ = 0;
};

}  // namespace fulfilld::chaos

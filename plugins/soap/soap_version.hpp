// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace soap {

enum class SoapVersion { v1_1, v1_2 };

/// Namespaces of the envelope: SOAP 1.1, 4 and SOAP 1.2 part 1, 5.1.
inline constexpr const char* kEnvelope_1_1 = "http://schemas.xmlsoap.org/soap/envelope/";
inline constexpr const char* kEnvelope_1_2 = "http://www.w3.org/2003/05/soap-envelope";

[[nodiscard]] constexpr const char* envelope_uri(SoapVersion version) noexcept {
  return version == SoapVersion::v1_1 ? kEnvelope_1_1 : kEnvelope_1_2;
}

}  // namespace soap

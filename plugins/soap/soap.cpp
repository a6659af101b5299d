// SPDX-License-Identifier: Apache-2.0
// Calls one operation of a SOAP service: the request from a template, the result from the answer by XPath.
#include <algorithm>
#include <cstddef>
#include <fulfill/adapter.hpp>
#include <fulfill/document.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "answer_picker.hpp"
#include "content_type.hpp"
#include "envelope.hpp"
#include "fault.hpp"
#include "multipart.hpp"
#include "soap_version.hpp"
#include "xml_document.hpp"
#include "xml_text.hpp"
#include "xpath.hpp"

namespace {

using namespace soap;

// A dense answer of that size takes a few milliseconds; longer ones are read on a thread that may block.
constexpr std::size_t kLargeAnswer = 16 * 1024;

SoapVersion version_of(const fulfill::Settings& settings) {
  return settings.choice("version", {"1.1", "1.2"}, "1.1") == "1.1" ? SoapVersion::v1_1 : SoapVersion::v1_2;
}

std::string action_of(const fulfill::Settings& settings) {
  std::string action = settings.text("soap_action", "");
  const auto breaks_out = [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; };
  if (std::any_of(action.begin(), action.end(), breaks_out))
    throw fulfill::SettingError("setting \"soap_action\" must not hold quotes, backslashes or control characters");
  return action;
}

XPath::Namespaces namespaces_of(const fulfill::Settings& settings, SoapVersion version) {
  XPath::Namespaces namespaces = {{"soap", envelope_uri(version)}, {"xml", "http://www.w3.org/XML/1998/namespace"}};
  for (const auto& prefix : settings.names("namespaces"))
    namespaces.insert_or_assign(prefix, settings.text("namespaces." + prefix));
  return namespaces;
}

class SoapAdapter final : public fulfill::Adapter {
 public:
  explicit SoapAdapter(const fulfill::Settings& settings)
      : url_(settings.url("url")),
        version_(version_of(settings)),
        action_(action_of(settings)),
        operation_(settings.operation("operation", fulfill::Operation::unsafe)),
        longest_answer_(static_cast<std::size_t>(settings.integer("max_answer", 1, 16 << 20, 1 << 20))),
        envelope_(settings, version_),
        answer_(settings, namespaces_of(settings, version_)),
        faults_(settings),
        has_authorization_(settings.has_secret("authorization")) {}

  fulfill::Task<fulfill::Result> fulfil(fulfill::Input input, fulfill::Context& context) const override {
    const auto secret = [&](std::string_view name) { return context.secret(name); };
    fulfill::Request request = fulfill::post(url_);
    request.body(envelope_.render(input.document(), secret)).operation(operation_);
    add_headers(request);
    if (has_authorization_) request.header("Authorization", std::string(context.secret("authorization")));
    const std::string where = request.name();
    Answer answer;
    try {
      answer.response = co_await context.http(std::move(request));
    } catch (const fulfill::HttpError& error) {
      if (!may_hold_fault(error) || error.response().body().size() > longest_answer_)
        throw fulfill::Failed(error.code(), where + ": " + error.message());
      answer.response = error.response();
      answer.failure = error;
    }
    const bool done_unsafe = answer.response.is_done_unsafe();
    try {
      if (answer.response.body().size() < kLargeAnswer) co_return read(answer);
      auto work = [this, large = std::move(answer)] { return read(large); };
      co_return co_await context.blocking(work).safe();
    } catch (const FaultFailure& fault) {
      // What the service says for people is left alone; the log tells what it was about.
      context.log(fulfill::LogLevel::info, where + ": " + fault.for_log());
      throw fulfill::Failed(fault.code(), fault.message());
    } catch (const fulfill::Failed& failed) {
      // The host says so of what was not begun, but this operation has been carried out.
      if (failed.code() == "queue_full" && done_unsafe)
        throw fulfill::Failed("outcome_unknown", where + ": the answer could not be read: " + failed.message());
      throw fulfill::Failed(failed.code(), where + ": " + failed.message());
    }
  }

 private:
  struct Answer {
    Answer() {}  // no aggregate: see the traps of g++ 12 in the SDK
    fulfill::Response response;
    std::optional<fulfill::HttpError> failure;  // its status is none of success, as that of most faults
  };

  /// A fault with 503 or 408 is the service's own word of an unsafe call, where the host can only say that its outcome
  /// is unknown. With 502 and 504 it would be a gateway's, and to a repetition it tells nothing of the attempt before.
  [[nodiscard]] bool may_hold_fault(const fulfill::HttpError& error) const {
    if (error.code() == "backend_status") return true;
    return error.code() == "outcome_unknown" && operation_ == fulfill::Operation::unsafe &&
           (error.status() == 503 || error.status() == 408);
  }

  void add_headers(fulfill::Request& request) const {
    if (version_ == SoapVersion::v1_1) {
      request.header("Content-Type", "text/xml; charset=utf-8").header("Accept", "text/xml");
      request.header("SOAPAction", "\"" + action_ + "\"");  // required, even if empty: SOAP 1.1, 6.1.1
      return;
    }
    const std::string parameter = action_.empty() ? "" : "; action=\"" + action_ + "\"";
    request.header("Content-Type", "application/soap+xml; charset=utf-8" + parameter);
    request.header("Accept", "application/soap+xml");
  }

  /// A status that is no success says less than the fault that came with it, and more than all else that did.
  [[nodiscard]] fulfill::Document read(const Answer& answer) const {
    const std::string_view bytes = answer.response.body();
    const std::string_view type = answer.response.header("Content-Type");
    if (!answer.failure && bytes.empty() && answer_.wants_nothing()) return fulfill::Document::object();
    if (!answer.failure && bytes.size() > longest_answer_) throw too_long(answer.response);
    try {
      const Message message = message_in(bytes, type);
      const auto document = parse_xml(message.bytes, message.type.parameter("charset"));
      const auto& body = body_of(*document);
      if (const auto fault = fault_in(body)) throw faults_.failure(*fault);
      if (!answer.failure) return picked(answer.response, body);
    } catch (const XmlError& error) {
      if (!answer.failure)
        throw answer.response.unreadable("the backend's answer is no SOAP: " +
                                         described(answer.response, error.what()));
    }
    const std::string media_type = ContentType(type).media_type();
    throw fulfill::Failed(answer.failure->code(),
                          answer.failure->message() + (media_type.empty() ? "" : " (" + media_type + ")"));
  }

  [[nodiscard]] fulfill::Document picked(const fulfill::Response& response, const Poco::XML::Element& body) const {
    try {
      return answer_.pick(body);
    } catch (const fulfill::Failed& failed) {
      throw response.unreadable(failed.message());
    }
  }

  /// What came in place of SOAP. What is wrong with it as XML is of interest only if it may be that.
  static std::string described(const fulfill::Response& response, const std::string& problem) {
    constexpr std::size_t kExcerpt = 100;
    const ContentType type(response.header("Content-Type"));
    std::string words = "status " + std::to_string(response.status()) + ", ";
    words += type.media_type().empty() ? "no media type" : printable(type.media_type(), kExcerpt);
    if (type.may_be_soap() || type.media_type().starts_with("multipart/")) return words + ": " + problem;
    const std::string_view body = trimmed(response.body());
    return body.empty() ? words : words + ": " + printable(body, kExcerpt);
  }

  static fulfill::Failed too_long(const fulfill::Response& response) {
    const bool done = response.is_done_unsafe();
    return {done ? "outcome_unknown" : "answer_too_large",
            done ? "it may have been carried out, but the answer is longer than max_answer"
                 : "the answer is longer than max_answer"};
  }

  std::string url_;
  SoapVersion version_;
  std::string action_;
  fulfill::Operation operation_;
  std::size_t longest_answer_;
  Envelope envelope_;
  AnswerPicker answer_;
  FaultWords faults_;
  bool has_authorization_;
};

}  // namespace

FULFILL_ADAPTER(SoapAdapter, "soap", "1.0.0")

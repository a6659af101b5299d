// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <fulfill/document.hpp>
#include <fulfill/error.hpp>
#include <fulfill/input.hpp>
#include <fulfill/request.hpp>
#include <fulfill/response.hpp>
#include <optional>
#include <string>
#include <vector>

#include "../mapping/error_words.hpp"
#include "../mapping/header_templates.hpp"
#include "../mapping/pointer.hpp"
#include "../mapping/reference.hpp"
#include "../mapping/section.hpp"
#include "../mapping/url_template.hpp"
#include "../mapping/values.hpp"
#include "request_body.hpp"

namespace rest {

/// One call: the request that is made from the values so far, and what its answer means. Immutable; any thread.
class Step {
 public:
  /// `sources`: what is there before this step. `number`: from 1 on; 0 if it is the only one, and needs none. Throws
  /// SettingError.
  Step(const mapping::Section& section, const mapping::Sources& sources, std::size_t number);

  /// Empty if it has none.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// False if there is nothing, null or false where `when` points to: then the step is skipped.
  [[nodiscard]] bool is_wanted(const mapping::Values& values) const;

  /// Throws Failed as templates do.
  [[nodiscard]] fulfill::Request request(const fulfill::Input& input, const mapping::Values& values) const;

  /// Where it goes, for messages: `step stock (GET https://shop.example/stock/7)`. Without query, and without secrets.
  [[nodiscard]] std::string where(const mapping::Values& values) const;

  /// The value of an answer that came with a 2xx or an accepted status. Throws `fulfill::Response::unreadable` or
  /// `mapping::too_long`.
  [[nodiscard]] fulfill::Document value(const fulfill::Response& answer) const;

  /// True if the bytes of the answer, decoded, are its value.
  [[nodiscard]] bool is_value(const fulfill::Response& answer) const noexcept;

  /// True if that is no error, but an answer of an accepted status.
  [[nodiscard]] bool accepts(const fulfill::HttpError& error) const;

  /// As what an error is reported. `message`: the backend's own, from where `error_message` points to; empty if it has
  /// none.
  [[nodiscard]] fulfill::Failed failure(const fulfill::HttpError& error) const;

 private:
  enum class Format { json, text, none };

  static Format format_of(const mapping::Section& section);
  void read_statuses(const mapping::Section& section);
  [[nodiscard]] std::string method_of(const mapping::Section& section) const;

  std::string name_;
  std::size_t number_;
  mapping::UrlTemplate url_;
  mapping::HeaderTemplates headers_;
  RequestBody body_;
  std::string method_;
  fulfill::Operation operation_;
  std::chrono::milliseconds timeout_;
  std::optional<mapping::Reference> when_;
  Format format_;
  std::size_t longest_answer_;
  std::vector<std::string> accept_;
  std::optional<mapping::Pointer> error_code_;
  std::optional<mapping::Pointer> error_message_;
  mapping::ErrorWords errors_;
};

}  // namespace rest

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfill::testing {

/// Finds the classes that C++ text defines where an adapter can name them: inside the namespace fulfill, but in no
/// namespace `detail`, no function, and no private part of a class. Reads tokens and braces, not the whole language.
class HeaderClasses {
 public:
  explicit HeaderClasses(std::string_view text) : rest_(text) {
    for (std::string token = next(); !token.empty(); token = next()) take(std::move(token));
  }

  /// "Request", "Task::Awaiter", "testing::Bench".
  [[nodiscard]] const std::set<std::string>& names() const noexcept { return names_; }

 private:
  class Scope {
   public:
    Scope(std::string its_name, bool is_reachable, bool is_class, bool is_open)
        : name(std::move(its_name)), reachable(is_reachable), of_class(is_class), open(is_open) {}
    std::string name;  // with those around it
    bool reachable;    // it can be named
    bool of_class;
    bool open;  // so can what is defined in it from here on
  };

  static bool is_word(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }
  static bool is_class_key(std::string_view token) noexcept {
    return token == "class" || token == "struct" || token == "union";
  }

  /// A word or a single other character; comments, literals and directives are left out. Empty at the end.
  std::string next() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (rest_.starts_with("//") || c == '#') {
        skip_past("\n");
      } else if (rest_.starts_with("/*")) {
        skip_past("*/");
      } else if (c == '"' || (c == '\'' && !after_word_)) {
        skip_literal(c);
      } else if (is_word(c)) {
        std::size_t length = 1;
        while (length < rest_.size() && is_word(rest_[length])) ++length;
        after_word_ = true;
        return cut(length);
      } else {
        after_word_ = false;
        if (std::isspace(static_cast<unsigned char>(c)) == 0) return cut(1);
        rest_.remove_prefix(1);
      }
    }
    return {};
  }
  std::string cut(std::size_t length) {
    std::string token(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return token;
  }
  void skip_past(std::string_view end) {
    const auto found = rest_.find(end, 1);
    rest_.remove_prefix(found == std::string_view::npos ? rest_.size() : found + end.size());
  }
  void skip_literal(char quote) {
    std::size_t end = 1;
    while (end < rest_.size() && rest_[end] != quote) end += rest_[end] == '\\' ? 2 : 1;
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
  }

  void take(std::string token) {
    if (token == "{") {
      begin_scope();
      head_.clear();
    } else if (token == "}") {
      if (!scopes_.empty()) scopes_.pop_back();
      head_.clear();
    } else if (token == ";") {
      head_.clear();
    } else if (token == ":" && head_.size() == 1 && is_access(head_.front())) {
      if (!scopes_.empty()) scopes_.back().open = head_.front() == "public";
      head_.clear();
    } else {
      head_.push_back(std::move(token));
    }
  }
  static bool is_access(std::string_view token) noexcept {
    return token == "public" || token == "protected" || token == "private";
  }

  void begin_scope() {
    if (!head_.empty() && head_.front() == "namespace") return begin_namespace();
    std::string key;
    const std::string name = defined_class(key);
    if (name.empty()) {
      scopes_.emplace_back("", false, false, false);
      return;
    }
    const bool inside = !scopes_.empty() && scopes_.back().reachable && scopes_.back().open;
    const std::string full = inside ? scopes_.back().name + name : name;
    if (inside) names_.insert(full);
    scopes_.emplace_back(full + "::", inside, true, key != "class");
  }

  void begin_namespace() {
    bool reachable = !scopes_.empty() && scopes_.back().reachable && !scopes_.back().of_class;
    std::string name = reachable ? scopes_.back().name : "";
    for (std::size_t i = 1; i < head_.size(); ++i) {
      if (head_[i] == ":" || head_[i] == "inline") continue;
      if (!reachable && scopes_.empty() && i == 1 && head_[i] == "fulfill") {
        reachable = true;
      } else {
        reachable = reachable && head_[i] != "detail";
        name += head_[i] + "::";
      }
    }
    scopes_.emplace_back(name, reachable && head_.size() > 1, false, true);
  }

  /// The name of the class that the tokens before a brace define; empty if they define none.
  std::string defined_class(std::string& key) const {
    int depth = 0;
    for (std::size_t i = 0; i < head_.size(); ++i) {
      if (head_[i] == "<" || head_[i] == "(" || head_[i] == "[") ++depth;
      if (head_[i] == ">" || head_[i] == ")" || head_[i] == "]") --depth;
      if (depth != 0 || !is_class_key(head_[i]) || (i > 0 && head_[i - 1] == "enum")) continue;
      key = head_[i];
      return name_after(i);
    }
    return {};
  }
  std::string name_after(std::size_t key) const {
    int depth = 0;
    for (std::size_t i = key + 1; i < head_.size(); ++i) {
      if (head_[i] == "(" || head_[i] == "[") ++depth;
      if (head_[i] == ")" || head_[i] == "]") --depth;
      if (depth == 0 && is_word(head_[i].front()) && head_[i] != "alignas") return head_[i];
    }
    return "(unnamed)";
  }

  std::string_view rest_;
  bool after_word_ = false;        // 100'000 is no literal in quotes
  std::vector<std::string> head_;  // the tokens since the last `;` or brace
  std::vector<Scope> scopes_;
  std::set<std::string> names_;
};

}  // namespace fulfill::testing

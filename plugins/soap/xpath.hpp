// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <Poco/DOM/Node.h>

#include <cstddef>
#include <exception>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace soap {

/// What is wrong with an expression, and where.
class XPathError : public std::exception {
 public:
  explicit XPathError(std::string sentence) : sentence_(std::move(sentence)) {}
  [[nodiscard]] const char* what() const noexcept override { return sentence_.c_str(); }

 private:
  std::string sentence_;
};

/// A location path of XPath 1.0 (abbreviated syntax) over Poco's DOM. What it takes, it takes with the meaning of
/// XPath; all else is refused when it is made. Poco's own getNodeByPathNS gives one node only, counts from 0, ignores
/// mistakes and needs quadratic time for `//`, which is why it is not used.
///
///     path      = [ "/" | "//" ] step { ( "/" | "//" ) step }
///     step      = "." | "@" name | "text()" | name { predicate }
///     name      = "*" | NAME | PREFIX ":" NAME | PREFIX ":*" | "*:" NAME      the last as in XPath 2.0
///     predicate = "[" ( NUMBER | "last()" | path [ "=" 'text' ] ) "]"
///
/// A name without a prefix is in no namespace. Immutable; any thread.
class XPath {
 public:
  using Namespaces = std::map<std::string, std::string, std::less<>>;  ///< prefix to URI
  using Nodes = std::vector<const Poco::XML::Node*>;

  /// Throws XPathError.
  XPath(std::string_view expression, const Namespaces& namespaces);

  /// The nodes that it selects from there, each once, in document order. Needs time in proportion to what stands below
  /// `context`, or to the whole document if it is absolute.
  [[nodiscard]] Nodes select(const Poco::XML::Node& context) const;

  /// True if it begins at the root of the document, wherever it is selected from.
  [[nodiscard]] bool is_absolute() const noexcept { return path_.absolute; }

 private:
  friend class XPathParser;

  enum class Axis { self, child, attribute, text, descendant_or_self };
  struct Predicate;
  struct Step {
    Axis axis = Axis::child;
    bool any_uri = false;
    bool any_name = false;
    std::string uri;
    std::string name;
    std::vector<Predicate> predicates;
  };
  struct Path {
    bool absolute = false;
    std::vector<Step> steps;
  };
  struct Predicate {
    enum class Kind { position, last, exists, equals };
    Kind kind = Kind::exists;
    std::size_t position = 0;
    Path path;
    std::string text;
  };

  static Nodes follow(const Path& path, const Poco::XML::Node& context);
  static Nodes walk(const Step& step, const Poco::XML::Node& context);
  static bool names(const Step& step, const Poco::XML::Node& node);
  static void filter(const Predicate& predicate, Nodes& nodes);
  static bool holds(const Predicate& predicate, const Poco::XML::Node& node);

  Path path_;
};

}  // namespace soap

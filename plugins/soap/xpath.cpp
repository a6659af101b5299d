// SPDX-License-Identifier: Apache-2.0
#include "xpath.hpp"

#include <Poco/DOM/Attr.h>
#include <Poco/DOM/Document.h>
#include <Poco/DOM/Element.h>

#include <algorithm>
#include <cstddef>
#include <unordered_map>
#include <unordered_set>

#include "xml_document.hpp"
#include "xpath_parser.hpp"

namespace soap {

using Poco::XML::Element;
using Poco::XML::Node;

namespace {

void append_descendants_or_self(const Node& node, XPath::Nodes& nodes) {
  nodes.push_back(&node);
  for (const Node* below = node.firstChild(); below != nullptr; below = below->nextSibling())
    if (below->nodeType() == Node::ELEMENT_NODE) append_descendants_or_self(*below, nodes);
}

void number_all(const Node& node, std::unordered_map<const Node*, std::size_t>& order) {
  order.emplace(&node, order.size());
  for (const Node* below = node.firstChild(); below != nullptr; below = below->nextSibling()) number_all(*below, order);
}

void sort_as_in_document(XPath::Nodes& nodes, const Node& start) {
  std::unordered_map<const Node*, std::size_t> order;
  number_all(start, order);
  const auto place = [&](const Node* node) {
    const bool attribute = node->nodeType() == Node::ATTRIBUTE_NODE;
    return order.at(attribute ? static_cast<const Poco::XML::Attr*>(node)->ownerElement() : node);
  };
  std::stable_sort(nodes.begin(), nodes.end(), [&](const Node* a, const Node* b) { return place(a) < place(b); });
}

const Node& root_of(const Node& node) {
  const Node* owner = node.ownerDocument();
  return owner == nullptr ? node : *owner;
}

}  // namespace

XPath::XPath(std::string_view expression, const Namespaces& namespaces)
    : path_(XPathParser(expression, namespaces).parse()) {}

XPath::Nodes XPath::select(const Node& context) const { return follow(path_, context); }

XPath::Nodes XPath::follow(const Path& path, const Node& context) {
  const Node& start = path.absolute ? root_of(context) : context;
  Nodes nodes = {&start};
  bool in_order = true;
  for (const auto& step : path.steps) {
    Nodes next;
    std::unordered_set<const Node*> seen;
    for (const Node* node : nodes) {
      // Descendants of a node that was itself met as a descendant have been met with it.
      if (step.axis == Axis::descendant_or_self && seen.contains(node)) continue;
      Nodes found = walk(step, *node);
      for (const auto& predicate : step.predicates) filter(predicate, found);
      for (const Node* one : found)
        if (seen.insert(one).second) next.push_back(one);
    }
    in_order = in_order && step.axis != Axis::descendant_or_self;
    nodes = std::move(next);
  }
  if (!in_order && nodes.size() > 1) sort_as_in_document(nodes, start);
  return nodes;
}

XPath::Nodes XPath::walk(const Step& step, const Node& context) {
  Nodes nodes;
  if (step.axis == Axis::self) return {&context};
  if (step.axis == Axis::descendant_or_self) {
    append_descendants_or_self(context, nodes);
    return nodes;
  }
  if (step.axis == Axis::attribute) {
    if (context.nodeType() != Node::ELEMENT_NODE) return nodes;
    const Node* attribute = static_cast<const Element&>(context).getAttributeNodeNS(step.uri, step.name);
    if (attribute != nullptr) nodes.push_back(attribute);
    return nodes;
  }
  bool in_text = false;  // a text and the CDATA sections next to it are one text
  for (const Node* node = context.firstChild(); node != nullptr; node = node->nextSibling()) {
    const bool begins_text = is_text(*node) && !in_text;
    in_text = is_text(*node);
    const bool wanted = node->nodeType() == Node::ELEMENT_NODE && names(step, *node);
    if (step.axis == Axis::text ? begins_text : wanted) nodes.push_back(node);
  }
  return nodes;
}

bool XPath::names(const Step& step, const Node& node) {
  return (step.any_uri || node.namespaceURI() == step.uri) && (step.any_name || node.localName() == step.name);
}

void XPath::filter(const Predicate& predicate, Nodes& nodes) {
  switch (predicate.kind) {
    case Predicate::Kind::position:
      nodes = predicate.position <= nodes.size() ? Nodes{nodes[predicate.position - 1]} : Nodes{};
      break;
    case Predicate::Kind::last:
      if (!nodes.empty()) nodes = Nodes{nodes.back()};
      break;
    default:
      std::erase_if(nodes, [&](const Node* node) { return !holds(predicate, *node); });
  }
}

bool XPath::holds(const Predicate& predicate, const Node& node) {
  const Nodes found = follow(predicate.path, node);
  if (predicate.kind == Predicate::Kind::exists) return !found.empty();
  return std::any_of(found.begin(), found.end(), [&](const Node* one) { return string_value(*one) == predicate.text; });
}

}  // namespace soap

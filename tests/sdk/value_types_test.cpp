// SPDX-License-Identifier: Apache-2.0
// g++ 12 destroys an aggregate temporary of a co_await expression twice: no type that an adapter may put there is one.
// The types are checked by the compiler; that none was forgotten, by reading the headers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fulfill/adapter.hpp>
#include <fulfill/json.hpp>
#include <fulfill/testing.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/sdk/header_classes.hpp"

namespace fulfill {
namespace {

namespace fs = std::filesystem;

class Checked {
 public:
  Checked(std::string name, bool aggregate) : name_(std::move(name)), aggregate_(aggregate) {}
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool aggregate() const noexcept { return aggregate_; }

 private:
  std::string name_;
  bool aggregate_;
};

#define CHECKED(name, ...) Checked(name, (std::is_aggregate_v<__VA_ARGS__>))

/// Every class of the SDK, but those of `detail`; a template, by an instance.
const std::vector<Checked> kTypes = {
    CHECKED("Adapter", Adapter),
    CHECKED("BackendBusy", BackendBusy),
    CHECKED("Blocking", Blocking<int (*)()>),
    CHECKED("CharsetError", CharsetError),
    CHECKED("Context", Context),
    CHECKED("DecodedText", DecodedText),
    CHECKED("Document", Document),
    CHECKED("Failed", Failed),
    CHECKED("Header", Header),
    CHECKED("HttpCall", HttpCall),
    CHECKED("HttpError", HttpError),
    CHECKED("Input", Input),
    CHECKED("JsonReader", JsonReader<void>),
    CHECKED("Request", Request),
    CHECKED("Response", Response),
    CHECKED("Result", Result),
    CHECKED("SettingError", SettingError),
    CHECKED("Settings", Settings),
    CHECKED("Sleep", Sleep),
    CHECKED("Task", Task<int>),
    CHECKED("Task::Awaiter", Task<int>::Awaiter),
    CHECKED("TryAgain", TryAgain),
    CHECKED("testing::Bench", testing::Bench),
    CHECKED("testing::Outcome", testing::Outcome),
    CHECKED("testing::RecordedCall", testing::RecordedCall),
    CHECKED("testing::RecordedLine", testing::RecordedLine),
    CHECKED("testing::Script", testing::Script),
    CHECKED("testing::ScriptedAnswer", testing::ScriptedAnswer),
    CHECKED("testing::VirtualHost", testing::VirtualHost),
};

/// What the SDK itself puts into co_await expressions.
const std::vector<Checked> kDetails = {
    CHECKED("FinalAwaiter", detail::TaskPromise<int>::FinalAwaiter),
    CHECKED("Join", detail::Join),
    CHECKED("JoinArrival", detail::JoinArrival),
    CHECKED("JoinWait", detail::JoinWait),
};

#undef CHECKED

std::string aggregates_of(const std::vector<Checked>& types) {
  std::string names;
  for (const auto& type : types)
    if (type.aggregate()) names += type.name() + " ";
  return names;
}

TEST(SdkTypes, AreNoAggregates) {
  EXPECT_EQ(aggregates_of(kTypes), "") << "give these a constructor";
  EXPECT_EQ(aggregates_of(kDetails), "") << "give these a constructor";
}

TEST(SdkTypes, AreAllCheckedHere) {
  std::set<std::string> checked;
  for (const auto& type : kTypes) checked.insert(type.name());
  std::set<std::string> defined;
  for (const auto& entry : fs::recursive_directory_iterator(SDK_HEADERS)) {
    if (entry.path().extension() != ".hpp") continue;
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    const testing::HeaderClasses found(text);
    defined.insert(found.names().begin(), found.names().end());
  }
  EXPECT_THAT(checked, ::testing::ContainerEq(defined)) << "the list above is not what the headers define";
}

TEST(SdkTypes, AreFoundHoweverAHeaderDefinesThem) {
  const testing::HeaderClasses found(R"(
#define FULFILL_MACRO namespace {
namespace fulfill {
class Declared;
enum class Enumeration { one, two };
struct Plain { struct Inner {}; int member = 100'000; char brace = '{'; const char* text = "{\"{"; };
template <class T, typename U = std::vector<T>>
class [[nodiscard]] Outer final
    : private Base<T> {
  class Hidden {
   public:
    class InHidden {};
  };

 public:  // class InAComment {};
  class alignas(8) Shown {};
  int function(struct Elaborated* pointer = {}) { struct Local {}; return 1; }

 private:
  struct HiddenAgain {};
};
template <>
class Special<void> {};
namespace detail {
class Detail {};
}
class After {};
}
namespace fulfill::testing {
class Kit {};
namespace detail { class KitDetail {}; }
}
namespace fulfill::detail { class OtherDetail {}; }
namespace other { namespace fulfill { class NotOurs {}; } }
)");
  EXPECT_THAT(found.names(), ::testing::UnorderedElementsAre("Plain", "Plain::Inner", "Outer", "Outer::Shown",
                                                             "Special", "After", "testing::Kit"));
}

}  // namespace
}  // namespace fulfill

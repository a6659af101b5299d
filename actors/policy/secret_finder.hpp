// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fulfilld {

/// Finds secrets in text that others wrote: as they are, escaped in any way of `unescape`, also again and again,
/// inside the Base64 of something longer (HTTP Basic), and the beginning of one that somebody has cut off. Below six
/// characters only a word of its own is taken for a secret, and below four nothing, or ordinary words would be hit.
/// Immutable; one pass over the text, however many secrets there are.
class SecretFinder {
 public:
  /// From where to where, in a text.
  using Range = std::pair<std::size_t, std::size_t>;

  enum class Forms : std::uint8_t {
    as_sent,  ///< only what may be escaped: for what goes out as it is
    all,      ///< also within Base64
  };

  SecretFinder() = default;
  explicit SecretFinder(const std::vector<std::string>& secrets, Forms forms = Forms::all);

  /// Adds where secrets stand. Ranges may overlap.
  void find(std::string_view text, std::vector<Range>& found) const;

 private:
  struct Pattern {
    std::string text;
    std::size_t least;  ///< so much of its beginning counts
    bool is_word;       ///< counts only between other characters than letters and digits
  };
  struct Match {
    std::size_t of_pattern = 0;
    std::size_t of_text = 0;
  };

  void add(const std::string& secret, Forms forms);
  void add(std::string text, bool is_word);
  void find_at(std::string_view text, std::size_t at, char first, int depth, std::vector<Range>& found) const;
  [[nodiscard]] static Match match(std::string_view text, std::size_t at, std::string_view pattern, int depth);

  std::vector<Pattern> patterns_;              ///< by their first byte
  std::array<std::uint32_t, 257> of_first_{};  ///< where those of each first byte begin
};

/// The text with `***` in place of what was found: what overlaps is one secret.
[[nodiscard]] std::string masked(std::string_view text, std::vector<SecretFinder::Range> found);

}  // namespace fulfilld

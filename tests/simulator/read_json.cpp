// SPDX-License-Identifier: Apache-2.0
#include "tests/simulator/read_json.hpp"

namespace fulfilld::simulator {

void read_members(const nlohmann::json& object, const Readers& readers) {
  if (!object.is_object()) throw BadSetting(object.dump() + " is not an object");
  for (const auto& [key, value] : object.items()) {
    const auto reader = readers.find(key);
    if (reader == readers.end()) throw BadSetting("unknown member: " + key);
    try {
      reader->second(value);
    } catch (const BadSetting& problem) {
      throw BadSetting(key + ": " + problem.what());
    }
  }
}

double read_number(const nlohmann::json& value, double least) {
  if (!value.is_number() || value.get<double>() < least) throw BadSetting(value.dump() + " is not a number that fits");
  return value.get<double>();
}

std::uint64_t read_count(const nlohmann::json& value, std::uint64_t least) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() < least)
    throw BadSetting(value.dump() + " is not a whole number that fits");
  return value.get<std::uint64_t>();
}

bool read_flag(const nlohmann::json& value) {
  if (!value.is_boolean()) throw BadSetting(value.dump() + " is neither true nor false");
  return value.get<bool>();
}

std::string read_text(const nlohmann::json& value) {
  if (!value.is_string()) throw BadSetting(value.dump() + " is not a string");
  return value.get<std::string>();
}

}  // namespace fulfilld::simulator

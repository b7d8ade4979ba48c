// Hashes against values that others have published.

#include <nacre/core/hash.hpp>

#include <cstdint>
#include <string>

#include "catch.hpp"

using namespace nacre;

namespace {

std::string tests(int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += "test";
  return text;
}

}  // namespace

TEST_CASE("fingerprint64 is FarmHash's, for texts of all lengths") {
  // Guava's tests of farmHashFingerprint64, and BigQuery's documentation of FARM_FINGERPRINT.
  CHECK(static_cast<std::int64_t>(fingerprint64(tests(1))) == 8581389452482819506);
  CHECK(static_cast<std::int64_t>(fingerprint64(tests(8))) == -4196240717365766262);
  CHECK(static_cast<std::int64_t>(fingerprint64(tests(64))) == 3500507768004279527);
  CHECK(static_cast<std::int64_t>(fingerprint64("1footrue")) == -1541654101129638711);
  CHECK(static_cast<std::int64_t>(fingerprint64("2applefalse")) == 2794438866806483259);
  CHECK(static_cast<std::int64_t>(fingerprint64("3true")) == -4880158226897771312);
  CHECK(fingerprint64("") == 0x9AE16A3B2F90404Fu);
}

TEST_CASE("siphash is SipHash-2-4") {
  // Appendix A of the paper: the key's bytes are 0 to 15, the text's 0 to 14.
  std::string text;
  for (char c = 0; c < 15; ++c) text += c;
  CHECK(siphash(text, 0x0706050403020100u, 0x0F0E0D0C0B0A0908u) == 0xA129CA6149BE45E5u);
  CHECK(siphash("", 0x0706050403020100u, 0x0F0E0D0C0B0A0908u) == 0x726FDB47DD0E0E31u);
}

// JSON and safetensors files in nacre::compiled.

#include <nacre/saving/json-inl.hpp>
#include <nacre/saving/safetensors-inl.hpp>

namespace nacre::inline NACRE_VERSION_NAMESPACE {

template ConfigValue from_json_text(std::string_view, std::string_view, const JsonLimits&);
template void detail::read_json_members(std::string_view, std::string_view, JsonMembers&, const JsonLimits&);

template SafetensorsReader::SafetensorsReader(const std::filesystem::path&, const SafetensorsLimits&);
template void SafetensorsReader::read(const std::string&, float*);
template void SafetensorsReader::read(const std::string&, double*);

}  // namespace nacre

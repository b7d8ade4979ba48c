#  include  <nlohmann/json.hpp>

#include <xtensor/xarray.hpp>

#pragma once

#include "assets/glb.hpp"

namespace orrery::assets {

// Household things for demonstrations and tests: metres, z up, standing on z = 0 or a little above,
// front towards -y.

Thing mug();
Thing rocket();
Thing die();
Thing can();
Thing plant();
Thing robot();

}  // namespace orrery::assets

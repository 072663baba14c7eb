// The sources beside this one are C++ too (renderer/host/shader.hpp), which runs eight samples in the
// lanes of a vector. There Float, Int, Uint, Bool and the vectors differ from lane to lane; float,
// int, uint and bool are the same in all, and only they may steer a branch or a loop. What differs is
// chosen with pick(); any_lane() skips work that no lane wants, so what it guards must do no harm to
// a lane that did not ask.

#define Float float
#define Int int
#define Uint uint
#define Bool bool

bool any_lane(bool wanted) { return wanted; }

float pick(bool c, float yes, float no) { return c ? yes : no; }
int pick(bool c, int yes, int no) { return c ? yes : no; }
uint pick(bool c, uint yes, uint no) { return c ? yes : no; }
vec2 pick(bool c, vec2 yes, vec2 no) { return c ? yes : no; }
vec3 pick(bool c, vec3 yes, vec3 no) { return c ? yes : no; }
vec4 pick(bool c, vec4 yes, vec4 no) { return c ? yes : no; }

vec3 xyz(vec4 v) { return v.xyz; }
vec2 xy(vec3 v) { return v.xy; }

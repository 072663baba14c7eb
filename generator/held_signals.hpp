#pragma once

#include <initializer_list>

namespace orrery {

/// Keeps these signals pending from now on, for those who look (sigpending) or wait for them:
/// blocks them in this thread and in those that it starts. Threads that libraries had started
/// before, as some do when they are loaded, block none: what reaches one of them is sent on, and
/// blocked there from then on.
void hold_signals(std::initializer_list<int> signals);

}  // namespace orrery

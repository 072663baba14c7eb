#include "generator/held_signals.hpp"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <cerrno>

namespace orrery {
namespace {

/// In a thread that does not block the signal. It is blocked while this runs, and by the mask that
/// the thread goes on with; so it reaches the next such thread, or none and stays pending.
void send_on(int signal, siginfo_t*, void* context) {
  const int error = errno;
  sigaddset(&static_cast<ucontext_t*>(context)->uc_sigmask, signal);
  kill(getpid(), signal);
  errno = error;
}

}  // namespace

void hold_signals(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction action {};
  action.sa_sigaction = send_on;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigfillset(&action.sa_mask);
  for (const int signal : signals) sigaction(signal, &action, nullptr);
}

}  // namespace orrery

// A team of threads that meet at barriers. oneDNN and OpenBLAS run on one thread inside each worker, on blocks of rows
// whose size the network alone decides: that is why a result does not depend on how many threads there are.
#define _GNU_SOURCE
#include "CKernels.h"
#include <linux/futex.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

// About 20 µs: longer than the uneven end of a stage, shorter than a frame's pause, in which a worker must sleep.
enum { SPINS = 2000 };

struct ow_team {
  int workers;
  pthread_t *threads;
  ow_team_body body;
  void *context;
  _Atomic int stopping;
  _Alignas(64) _Atomic uint32_t epoch;       // runs begun
  _Alignas(64) _Atomic uint32_t generation;  // barriers passed
  _Alignas(64) _Atomic int arrived;
  _Alignas(64) _Atomic int sleepers;
  _Alignas(64) _Atomic long ticket;
};

typedef struct { ow_team *team; int worker; } member;

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void wait_while(ow_team *team, _Atomic uint32_t *word, uint32_t value) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load(word) != value) return;
    relax();
  }
  atomic_fetch_add(&team->sleepers, 1);
  while (atomic_load(word) == value) syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
  atomic_fetch_sub(&team->sleepers, 1);
}

static void advance(ow_team *team, _Atomic uint32_t *word) {
  atomic_fetch_add(word, 1);
  if (atomic_load(&team->sleepers) > 0) syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

void ow_team_barrier(ow_team *team) {
  uint32_t generation = atomic_load(&team->generation);
  if (atomic_fetch_add(&team->arrived, 1) + 1 == team->workers) {
    atomic_store(&team->arrived, 0);
    atomic_store(&team->ticket, 0);
    advance(team, &team->generation);
  } else {
    wait_while(team, &team->generation, generation);
  }
}

long ow_team_ticket(ow_team *team) { return atomic_fetch_add_explicit(&team->ticket, 1, memory_order_relaxed); }

static void *work(void *argument) {
  member self = *(member *)argument;
  free(argument);
  for (uint32_t seen = 0;; seen++) {
    wait_while(self.team, &self.team->epoch, seen);
    if (atomic_load(&self.team->stopping)) return NULL;
    self.team->body(self.team->context, self.worker);
    ow_team_barrier(self.team);
  }
}

void ow_team_run(ow_team *team, ow_team_body body, void *context) {
  team->body = body;
  team->context = context;
  advance(team, &team->epoch);
  body(context, 0);
  ow_team_barrier(team);
}

ow_team *ow_team_create(int workers) {
  if (workers < 1) return NULL;
  ow_team *team = aligned_alloc(64, sizeof(ow_team));
  if (!team) return NULL;
  __builtin_memset(team, 0, sizeof *team);
  team->threads = calloc((size_t)workers, sizeof(pthread_t));
  team->workers = 1;
  // Signals belong to the threads that the program made itself.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  while (team->threads && team->workers < workers) {
    member *next = malloc(sizeof *next);
    if (!next) break;
    *next = (member){team, team->workers};
    if (pthread_create(&team->threads[team->workers], NULL, work, next) != 0) {
      free(next);
      break;
    }
    team->workers++;
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (team->workers < workers) {
    ow_team_destroy(team);
    return NULL;
  }
  return team;
}

void ow_team_destroy(ow_team *team) {
  if (!team) return;
  atomic_store(&team->stopping, 1);
  advance(team, &team->epoch);
  for (int worker = 1; worker < team->workers; worker++) pthread_join(team->threads[worker], NULL);
  free(team->threads);
  free(team);
}

// A team of threads that share out the tasks of one stage after another. oneDNN and OpenBLAS run on one thread inside each
// task, on blocks of rows whose size the network alone decides: that is why a result does not depend on how many threads there are.
//
// The caller does whatever tasks nobody else has taken, and waits for tasks, never for threads: a helper that the system has
// not scheduled holds up nothing but the task in its hands. With barriers that every thread had to reach, a network of 30 stages
// took three times its share of a busy machine, since at each of them one thread or the other was waiting for its turn.
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

// About 20 µs: longer than the uneven end of a stage, shorter than a frame's pause, in which a helper must sleep.
enum { SPINS = 2000 };

struct ow_team {
  int workers;
  pthread_t *threads;
  ow_team_task task;
  void *context;
  _Atomic int stopping;
  // Stage, number of its tasks, next task: 32, 16 and 16 bits. In one word, so that who takes a task knows that it belongs to
  // the stage whose `task` and `context` stand above: they change only once every task that was taken is done.
  _Alignas(64) _Atomic uint64_t tickets;
  _Alignas(64) _Atomic uint32_t stage;  // stages begun; helpers sleep on it
  _Alignas(64) _Atomic uint32_t left;   // tasks of the stage that are not done; the caller sleeps on it
  _Alignas(64) _Atomic uint32_t sleepers;
  _Alignas(64) _Atomic uint32_t caller_sleeps;
};

typedef struct { ow_team *team; int worker; } member;

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void sleep_on(_Atomic uint32_t *word, uint32_t value) { syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0); }
static void wake(_Atomic uint32_t *word, int threads) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, threads, NULL, NULL, 0); }

// Does tasks until none is left to take.
static void take_part(ow_team *team, int worker) {
  uint64_t tickets = atomic_load(&team->tickets);
  while ((tickets & 0xffff) < (tickets >> 16 & 0xffff)) {
    if (!atomic_compare_exchange_weak(&team->tickets, &tickets, tickets + 1)) continue;
    team->task(team->context, (int)(tickets & 0xffff), worker);
    if (atomic_fetch_sub(&team->left, 1) == 1 && atomic_load(&team->caller_sleeps)) wake(&team->left, 1);
    tickets = atomic_load(&team->tickets);
  }
}

static void wait_for_stage_after(ow_team *team, uint32_t stage) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load(&team->stage) != stage) return;
    relax();
  }
  atomic_fetch_add(&team->sleepers, 1);
  while (atomic_load(&team->stage) == stage) sleep_on(&team->stage, stage);
  atomic_fetch_sub(&team->sleepers, 1);
}

static void wait_for_tasks(ow_team *team) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load(&team->left) == 0) return;
    relax();
  }
  atomic_store(&team->caller_sleeps, 1);
  uint32_t left;
  while ((left = atomic_load(&team->left)) != 0) sleep_on(&team->left, left);
  atomic_store(&team->caller_sleeps, 0);
}

static void begin_stage(ow_team *team, uint32_t stage, int helpers) {
  atomic_store(&team->stage, stage);
  if (helpers > 0 && atomic_load(&team->sleepers) > 0) wake(&team->stage, helpers);
}

static void *help(void *argument) {
  member self = *(member *)argument;
  free(argument);
  while (1) {
    uint32_t stage = atomic_load(&self.team->stage);
    if (atomic_load(&self.team->stopping)) return NULL;
    take_part(self.team, self.worker);
    wait_for_stage_after(self.team, stage);
  }
}

static void share(ow_team *team, int count, ow_team_task task, void *context) {
  uint32_t stage = atomic_load(&team->stage) + 1;
  team->task = task;
  team->context = context;
  atomic_store(&team->left, (uint32_t)count);
  atomic_store(&team->tickets, (uint64_t)stage << 32 | (uint64_t)count << 16);
  begin_stage(team, stage, count - 1);
  take_part(team, 0);
  wait_for_tasks(team);
}

void ow_team_share(ow_team *team, int count, ow_team_task task, void *context) {
  if (team->workers == 1 || count < 2 || count > UINT16_MAX) {
    for (int index = 0; index < count; index++) task(context, index, 0);
  } else {
    share(team, count, task, context);
  }
}

// A Swift closure (Int, Int) -> Void, in Swift's calling convention: function and context, lent by the caller.
// github.com/swiftlang/swift, docs/ABI/CallingConvention.rst; Clang's attributes `swiftcall` and `swift_context`.
typedef __attribute__((swiftcall)) void (*closure_function)(long index, long worker, __attribute__((swift_context)) void *context);
typedef struct { closure_function function; void *context; } closure;

static void call_closure(void *task, int index, int worker) {
  closure *self = task;
  self->function(index, worker, self->context);
}

__attribute__((swiftcall)) void ow_team_share_closure(ow_team *team, int count, closure_function function, void *context) {
  closure task = {function, context};
  ow_team_share(team, count, call_closure, &task);
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
    if (pthread_create(&team->threads[team->workers], NULL, help, next) != 0) {
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
  begin_stage(team, atomic_load(&team->stage) + 1, INT_MAX);
  for (int worker = 1; worker < team->workers; worker++) pthread_join(team->threads[worker], NULL);
  free(team->threads);
  free(team);
}

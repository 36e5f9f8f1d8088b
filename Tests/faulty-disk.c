// A disk that fails on command, for one process: preloaded (LD_PRELOAD), it stands between the process and libc.
//
//   FAULTY_FOLDER   files in this folder alone are concerned; its real path
//   FAULTY_PLAN     commas between:
//     kill=N        dies by SIGKILL at the N-th change (write, sync, cut, rename, delete, create); a write is then half done
//     short=K       a write takes at most K bytes
//     interrupted   every second change fails once with EINTR
//     full=N+M      writes, creations and renames among the changes N … N+M-1 fail with ENOSPC, a write after taking half
//     broken=N+M    writes and syncs among the changes N … N+M-1 fail with EIO. As on Linux, what a sync failed to save counts as saved
//                   from then on, and is lost unless it is written again; whoever syncs through a file of his own is told of the failure once
//     slow=K        a write takes K milliseconds; a sync that fails does, too, before its caller hears of it
//   FAULTY_DISK     a folder that holds what a power cut now would leave: `names`, the folder's entries as they were last synced
//                   (inode, tab, name), and `i<inode>`, each file as it was last synced
//   FAULTY_COUNT    a file that gets the number of changes at a normal exit
//
// Build: cc -shared -fPIC -O1 -o faulty-disk.so faulty-disk.c -ldl
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char folder[PATH_MAX], disk[PATH_MAX];
static long kill_at, short_bytes, slow, full_from, full_to, broken_from, broken_to;
static int interrupts;
static atomic_long changes;
static _Thread_local int was_interrupted;

enum kind { WRITE, SYNC, CUT, NAME, DELETE };

static void range(const char *text, long *from, long *to) {
  *from = strtol(text, (char **)&text, 10);
  *to = *from + (*text == '+' ? strtol(text + 1, NULL, 10) : 1);
}

__attribute__((constructor)) static void begin(void) {
  const char *where = getenv("FAULTY_FOLDER"), *kept = getenv("FAULTY_DISK");
  if (where) snprintf(folder, sizeof folder, "%s", where);
  if (kept) snprintf(disk, sizeof disk, "%s", kept);
  char plan[256];
  snprintf(plan, sizeof plan, "%s", getenv("FAULTY_PLAN") ? getenv("FAULTY_PLAN") : "");
  for (char *rest = plan, *item; (item = strsep(&rest, ","));) {
    if (!strncmp(item, "kill=", 5)) kill_at = atol(item + 5);
    if (!strncmp(item, "short=", 6)) short_bytes = atol(item + 6);
    if (!strcmp(item, "interrupted")) interrupts = 1;
    if (!strncmp(item, "slow=", 5)) slow = atol(item + 5);
    if (!strncmp(item, "full=", 5)) range(item + 5, &full_from, &full_to);
    if (!strncmp(item, "broken=", 7)) range(item + 7, &broken_from, &broken_to);
  }
}

__attribute__((destructor)) static void end(void) {
  const char *path = getenv("FAULTY_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&changes));
  fclose(file);
}

static int is_inside(const char *path) {
  size_t length = strlen(folder);
  return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static int concerns(int descriptor) {
  if (!*folder) return 0;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n <= 0) return 0;
  path[n] = 0;
  return is_inside(path);
}

static int concerns_path(const char *path) {
  if (!*folder) return 0;
  char copy[PATH_MAX], real[PATH_MAX];
  snprintf(copy, sizeof copy, "%s", path);
  char *slash = strrchr(copy, '/');
  if (slash == copy) return 0;
  if (slash) *slash = 0;
  return realpath(slash ? copy : ".", real) && is_inside(real);
}

/// Counts a change; returns the error it meets, 0 where it succeeds. `half` is set where a write is to take half first.
static int change(enum kind kind, int *half, int *dies) {
  if (interrupts && (kind == WRITE || kind == SYNC) && !(was_interrupted = !was_interrupted)) return EINTR;
  long number = atomic_fetch_add(&changes, 1) + 1;
  if (number == kill_at) {
    if (kind != WRITE) kill(getpid(), SIGKILL), pause();
    *half = *dies = 1;
    return 0;
  }
  if (number >= full_from && number < full_to && (kind == WRITE || kind == NAME)) return *half = number == full_from, ENOSPC;
  if (number >= broken_from && number < broken_to && (kind == WRITE || kind == SYNC)) return EIO;
  return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// What became of a file's bytes

enum mark { SAFE, DIRTY, LOST };

struct file {
  dev_t device;
  ino_t node;
  unsigned char *marks;
  size_t length;
  int failures;
};

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static struct file files[4096];
static int file_count;
/// Up to which of its file's failures a descriptor was told.
static int told[4096];

static struct file *file_of(int descriptor) {
  struct stat status;
  if (fstat(descriptor, &status)) abort();
  for (int i = 0; i < file_count; i++)
    if (files[i].device == status.st_dev && files[i].node == status.st_ino) return &files[i];
  if (file_count == 4096) abort();
  files[file_count] = (struct file){.device = status.st_dev, .node = status.st_ino};
  return &files[file_count++];
}

static void mark_written(struct file *file, off_t from, size_t count) {
  size_t end = (size_t)from + count;
  if (end > file->length) {
    file->marks = realloc(file->marks, end);
    memset(file->marks + file->length, SAFE, end - file->length);
    file->length = end;
  }
  memset(file->marks + from, DIRTY, count);
}

static void mark_synced(struct file *file, enum mark as) {
  for (size_t i = 0; i < file->length; i++)
    if (file->marks[i] == DIRTY) file->marks[i] = as;
}

static ssize_t write_marked(int descriptor, const void *bytes, size_t count) {
  pthread_mutex_lock(&guard);
  ssize_t n = REAL(write)(descriptor, bytes, count);
  if (n > 0) mark_written(file_of(descriptor), lseek(descriptor, 0, SEEK_CUR) - n, (size_t)n);
  pthread_mutex_unlock(&guard);
  return n;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  if (!concerns(descriptor)) return REAL(write)(descriptor, bytes, count);
  if (slow) usleep((useconds_t)slow * 1000);
  int half = 0, dies = 0, error = change(WRITE, &half, &dies);
  // The first failing write of a full disk takes what fits; the next takes nothing.
  if (half && count > 1) {
    ssize_t taken = write_marked(descriptor, bytes, count / 2);
    if (dies) kill(getpid(), SIGKILL), pause();
    return taken;
  }
  if (error) return errno = error, -1;
  return write_marked(descriptor, bytes, short_bytes && count > (size_t)short_bytes ? (size_t)short_bytes : count);
}

// What a power cut leaves

static void copy(int from, const struct file *file, const char *to) {
  char temporary[PATH_MAX + 128];
  snprintf(temporary, sizeof temporary, "%s.tmp", to);
  int target = syscall(SYS_openat, AT_FDCWD, temporary, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  char block[65536];
  off_t place = 0;
  ssize_t n;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", from);
  int source = syscall(SYS_openat, AT_FDCWD, link, O_RDONLY, 0);
  while ((n = pread(source, block, sizeof block, place)) > 0) {
    for (ssize_t i = 0; i < n && (size_t)(place + i) < file->length; i++)
      if (file->marks[place + i] == LOST) block[i] = 0;
    syscall(SYS_write, target, block, (size_t)n);
    place += n;
  }
  close(source);
  close(target);
  syscall(SYS_rename, temporary, to);
}

static void keep(int descriptor) {
  struct stat status;
  if (!*disk || fstat(descriptor, &status)) return;
  char path[PATH_MAX + 64];
  if (!S_ISDIR(status.st_mode)) {
    snprintf(path, sizeof path, "%s/i%lu", disk, (unsigned long)status.st_ino);
    return copy(descriptor, file_of(descriptor), path);
  }
  snprintf(path, sizeof path, "%s/names.tmp", disk);
  FILE *names = fopen(path, "w");
  DIR *entries = opendir(folder);
  for (struct dirent *entry; names && entries && (entry = readdir(entries));)
    if (entry->d_name[0] != '.') fprintf(names, "%lu\t%s\n", (unsigned long)entry->d_ino, entry->d_name);
  if (entries) closedir(entries);
  if (names) fclose(names);
  char final[PATH_MAX + 64];
  snprintf(final, sizeof final, "%s/names", disk);
  syscall(SYS_rename, path, final);
}

static int sync_with(int (*real)(int), int descriptor) {
  if (!concerns(descriptor)) return real(descriptor);
  int half = 0, dies = 0, error = change(SYNC, &half, &dies);
  if (error == EINTR) return errno = error, -1;
  pthread_mutex_lock(&guard);
  struct file *file = file_of(descriptor);
  if (error) file->failures++;
  mark_synced(file, error ? LOST : SAFE);
  int fails = told[descriptor] < file->failures, result = fails ? -1 : real(descriptor);
  told[descriptor] = file->failures;
  if (result == 0) keep(descriptor);
  pthread_mutex_unlock(&guard);
  if (fails && slow) usleep((useconds_t)slow * 1000);
  if (fails) errno = EIO;
  return result;
}

int fsync(int descriptor) { return sync_with(REAL(fsync), descriptor); }
int fdatasync(int descriptor) { return sync_with(REAL(fdatasync), descriptor); }

// Names and lengths

int ftruncate(int descriptor, off_t length) {
  int half, dies;
  if (!concerns(descriptor)) return REAL(ftruncate)(descriptor, length);
  change(CUT, &half, &dies);
  pthread_mutex_lock(&guard);
  struct file *file = file_of(descriptor);
  if (file->length > (size_t)length) file->length = (size_t)length;
  int result = REAL(ftruncate)(descriptor, length);
  pthread_mutex_unlock(&guard);
  return result;
}

int ftruncate64(int descriptor, off64_t length) { return ftruncate(descriptor, length); }

int rename(const char *from, const char *to) {
  int half, dies, error = concerns_path(to) ? change(NAME, &half, &dies) : 0;
  if (error) return errno = error, -1;
  return REAL(rename)(from, to);
}

int unlink(const char *path) {
  int half, dies;
  if (concerns_path(path)) change(DELETE, &half, &dies);
  return REAL(unlink)(path);
}

static int open_with(const char *path, int flags, mode_t mode) {
  int isNew = (flags & O_CREAT) && concerns_path(path) && access(path, F_OK);
  if (isNew) {
    int half, dies, error = change(NAME, &half, &dies);
    if (error) return errno = error, -1;
  }
  int descriptor = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (descriptor < 0 || !concerns(descriptor)) return descriptor;
  pthread_mutex_lock(&guard);
  struct file *file = file_of(descriptor);
  if (isNew || flags & O_TRUNC) file->length = 0;
  if (isNew && *disk) {
    // The inode's number may have been another file's.
    char old[PATH_MAX + 64];
    snprintf(old, sizeof old, "%s/i%lu", disk, (unsigned long)file->node);
    syscall(SYS_unlink, old);
  }
  told[descriptor] = file->failures;
  pthread_mutex_unlock(&guard);
  return descriptor;
}

int open(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return open_with(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  mode_t mode = 0;
  if (flags & (O_CREAT | O_TMPFILE)) {
    va_list rest;
    va_start(rest, flags);
    mode = va_arg(rest, mode_t);
    va_end(rest);
  }
  return open_with(path, flags | O_LARGEFILE, mode);
}

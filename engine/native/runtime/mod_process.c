/* native:process: this process, its children, and processes by number. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime.h"

extern char **environ;

/* ---- spawning ---- */

struct spawn {
  const char *file;
  char **argv, **env;
  const char *cwd;
  int *fds, fd_count; /* the child's descriptor i is fds[i]; -1 is /dev/null */
  bool new_session;
  sigset_t old_signals;
  volatile int error; /* errno of the child's failure, seen by the parent through shared memory */
  const char *volatile failed;
};

/*
 * Runs in the child between vfork() and exec(), in the parent's memory: system calls only, and nothing of
 * the parent's may change but the spawn structure.
 */
static void child(struct spawn *spawn) {
  /* First above every number in use here, then down to the numbers that the child expects. */
  int null = open("/dev/null", O_RDWR | O_CLOEXEC), base = spawn->fd_count;
  if (null >= base) base = null + 1;
  for (int i = 0; i < spawn->fd_count; i++)
    if (spawn->fds[i] >= base) base = spawn->fds[i] + 1;
  spawn->failed = "dup";
  for (int i = 0; i < spawn->fd_count; i++)
    if (dup3(spawn->fds[i] < 0 ? null : spawn->fds[i], base + i, O_CLOEXEC) < 0) return;
  for (int i = 0; i < spawn->fd_count; i++)
    if (dup2(base + i, i) < 0) return;
  spawn->failed = "setsid";
  if (spawn->new_session && setsid() < 0) return;
  spawn->failed = "chdir";
  if (spawn->cwd && chdir(spawn->cwd) < 0) return;
  struct sigaction dfl = {.sa_handler = SIG_DFL};
  for (int number = 1; number < NSIG; number++) sigaction(number, &dfl, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  spawn->failed = "exec";
  execve(spawn->file, spawn->argv, spawn->env);
}

/* spawn({file, argv, env?, cwd?, fds, newSession?}) → pid */
NATIVE(js_spawn) {
  struct spawn spawn = {0};
  JSValue result = JS_EXCEPTION;
  JSValue file = JS_GetPropertyStr(ctx, argv[0], "file"), args = JS_GetPropertyStr(ctx, argv[0], "argv"),
          env = JS_GetPropertyStr(ctx, argv[0], "env"), cwd = JS_GetPropertyStr(ctx, argv[0], "cwd"),
          fds = JS_GetPropertyStr(ctx, argv[0], "fds");
  if (!(spawn.file = JS_ToCString(ctx, file)) || !(spawn.argv = get_strings(ctx, args))) goto done;
  if (JS_IsUndefined(env))
    spawn.env = environ;
  else if (!(spawn.env = get_strings(ctx, env)))
    goto done;
  if (!JS_IsUndefined(cwd) && !(spawn.cwd = JS_ToCString(ctx, cwd))) goto done;
  if (!(spawn.fds = get_ints(ctx, fds, &spawn.fd_count))) goto done;
  if (get_bool_property(ctx, argv[0], "newSession", false, &spawn.new_session)) goto done;

  /* No handler may run in the child while it shares our memory. */
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, &spawn.old_signals);
  pid_t pid = vfork();
  if (pid == 0) {
    child(&spawn);
    spawn.error = errno;
    _exit(127);
  }
  int error = errno;
  sigprocmask(SIG_SETMASK, &spawn.old_signals, NULL);
  if (pid < 0) {
    result = throw_errno(ctx, error, "fork", NULL);
  } else if (spawn.error) {
    waitpid(pid, NULL, 0);
    bool by_file = !strcmp(spawn.failed, "exec");
    result = throw_errno(ctx, spawn.error, spawn.failed, by_file ? spawn.file : spawn.cwd);
  } else {
    result = JS_NewInt32(ctx, pid);
  }

done:
  JS_FreeCString(ctx, spawn.file);
  JS_FreeCString(ctx, spawn.cwd);
  free_strings(spawn.argv);
  if (spawn.env != environ) free_strings(spawn.env);
  free(spawn.fds);
  JS_FreeValue(ctx, file);
  JS_FreeValue(ctx, args);
  JS_FreeValue(ctx, env);
  JS_FreeValue(ctx, cwd);
  JS_FreeValue(ctx, fds);
  return result;
}

/* wait(pid) → {code, signal}, or null while the child runs. pid -1 means any child; then {pid, ...}. */
NATIVE(js_wait) {
  int pid, status;
  if (JS_ToInt32(ctx, &pid, argv[0])) return JS_EXCEPTION;
  pid_t found = waitpid(pid, &status, WNOHANG);
  if (found < 0) return throw_errno(ctx, errno, "wait", NULL);
  if (found == 0) return JS_NULL;
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "pid", JS_NewInt32(ctx, found));
  set_property(ctx, object, "code", JS_NewInt32(ctx, WIFEXITED(status) ? WEXITSTATUS(status) : 0));
  set_property(ctx, object, "signal", JS_NewInt32(ctx, WIFSIGNALED(status) ? WTERMSIG(status) : 0));
  return object;
}

NATIVE(js_kill) {
  int pid, number;
  if (JS_ToInt32(ctx, &pid, argv[0]) || JS_ToInt32(ctx, &number, argv[1])) return JS_EXCEPTION;
  return kill(pid, number) < 0 ? throw_errno(ctx, errno, "kill", NULL) : JS_UNDEFINED;
}

/* A descriptor that becomes readable when the process ends. */
NATIVE(js_pidfd_open) {
  int pid;
  if (JS_ToInt32(ctx, &pid, argv[0])) return JS_EXCEPTION;
  int fd = (int)syscall(SYS_pidfd_open, pid, 0);
  return fd < 0 ? throw_errno(ctx, errno, "pidfd_open", NULL) : JS_NewInt32(ctx, fd);
}

NATIVE(js_pidfd_signal) {
  int fd, number;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &number, argv[1])) return JS_EXCEPTION;
  return syscall(SYS_pidfd_send_signal, fd, number, NULL, 0) < 0 ? throw_errno(ctx, errno, "pidfd_send_signal", NULL)
                                                                : JS_UNDEFINED;
}

/* ---- this process ---- */

NATIVE(js_pid) { return JS_NewInt32(ctx, getpid()); }

NATIVE(js_uid) { return JS_NewUint32(ctx, geteuid()); }

NATIVE(js_environment) {
  JSValue object = JS_NewObject(ctx);
  for (char **entry = environ; *entry; entry++) {
    char *equals = strchr(*entry, '=');
    if (!equals) continue;
    JSAtom name = JS_NewAtomLen(ctx, *entry, (size_t)(equals - *entry));
    JS_SetProperty(ctx, object, name, JS_NewString(ctx, equals + 1));
    JS_FreeAtom(ctx, name);
  }
  return object;
}

NATIVE(js_cwd) {
  char path[4096];
  return getcwd(path, sizeof path) ? JS_NewString(ctx, path) : throw_errno(ctx, errno, "getcwd", NULL);
}

NATIVE(js_umask) {
  int mask;
  if (JS_ToInt32(ctx, &mask, argv[0])) return JS_EXCEPTION;
  return JS_NewInt32(ctx, (int)umask((mode_t)mask));
}

/* The name that `ps` shows; at most 15 bytes (prctl(2), PR_SET_NAME). */
NATIVE(js_set_name) {
  const char *name = JS_ToCString(ctx, argv[0]);
  if (!name) return JS_EXCEPTION;
  prctl(PR_SET_NAME, name);
  JS_FreeCString(ctx, name);
  return JS_UNDEFINED;
}

NATIVE(js_set_nofile) {
  uint32_t soft, hard;
  if (JS_ToUint32(ctx, &soft, argv[0]) || JS_ToUint32(ctx, &hard, argv[1])) return JS_EXCEPTION;
  struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
  return setrlimit(RLIMIT_NOFILE, &limit) < 0 ? throw_errno(ctx, errno, "setrlimit", NULL) : JS_UNDEFINED;
}

/* ---- the machine ---- */

NATIVE(js_uname) {
  struct utsname name;
  uname(&name);
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "sysname", JS_NewString(ctx, name.sysname));
  set_property(ctx, object, "nodename", JS_NewString(ctx, name.nodename));
  set_property(ctx, object, "release", JS_NewString(ctx, name.release));
  set_property(ctx, object, "version", JS_NewString(ctx, name.version));
  set_property(ctx, object, "machine", JS_NewString(ctx, name.machine));
  return object;
}

NATIVE(js_machine) {
  struct sysinfo info;
  sysinfo(&info);
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "memory", JS_NewFloat64(ctx, (double)info.totalram * info.mem_unit));
  set_property(ctx, object, "swap", JS_NewFloat64(ctx, (double)info.totalswap * info.mem_unit));
  set_property(ctx, object, "cpus", JS_NewInt32(ctx, (int)sysconf(_SC_NPROCESSORS_ONLN)));
  return object;
}

NATIVE(js_random) {
  uint32_t length;
  if (JS_ToUint32(ctx, &length, argv[0])) return JS_EXCEPTION;
  uint8_t *buffer = malloc(length + 1);
  if (!buffer) return JS_ThrowOutOfMemory(ctx);
  for (size_t got = 0; got < length;) {
    ssize_t count = getrandom(buffer + got, length - got, 0);
    if (count < 0 && errno != EINTR) {
      free(buffer);
      return throw_errno(ctx, errno, "getrandom", NULL);
    }
    if (count > 0) got += (size_t)count;
  }
  return new_bytes(ctx, buffer, length);
}

static const JSCFunctionListEntry process_exports[] = {
    JS_CFUNC_DEF("spawn", 1, js_spawn),
    JS_CFUNC_DEF("wait", 1, js_wait),
    JS_CFUNC_DEF("kill", 2, js_kill),
    JS_CFUNC_DEF("pidfdOpen", 1, js_pidfd_open),
    JS_CFUNC_DEF("pidfdSignal", 2, js_pidfd_signal),
    JS_CFUNC_DEF("pid", 0, js_pid),
    JS_CFUNC_DEF("uid", 0, js_uid),
    JS_CFUNC_DEF("environment", 0, js_environment),
    JS_CFUNC_DEF("cwd", 0, js_cwd),
    JS_CFUNC_DEF("umask", 1, js_umask),
    JS_CFUNC_DEF("setName", 1, js_set_name),
    JS_CFUNC_DEF("setOpenFileLimit", 2, js_set_nofile),
    JS_CFUNC_DEF("uname", 0, js_uname),
    JS_CFUNC_DEF("machine", 0, js_machine),
    JS_CFUNC_DEF("random", 1, js_random),
};
const struct native_module module_process = {"native:process", process_exports, COUNT_OF(process_exports)};

/* native:tty: terminals. */
#include <errno.h>
#include <pty.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <fcntl.h>
#include <stdlib.h>

#include "runtime.h"

NATIVE(js_isatty) {
  int fd;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  return JS_NewBool(ctx, isatty(fd));
}

/* [rows, columns] */
NATIVE(js_get_size) {
  int fd;
  struct winsize size;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  if (ioctl(fd, TIOCGWINSZ, &size) < 0) return throw_errno(ctx, errno, "ioctl", "TIOCGWINSZ");
  JSValue pair = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, size.ws_row));
  JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, size.ws_col));
  return pair;
}

NATIVE(js_set_size) {
  int fd, rows, columns;
  if (JS_ToInt32(ctx, &fd, argv[0]) || JS_ToInt32(ctx, &rows, argv[1]) || JS_ToInt32(ctx, &columns, argv[2]))
    return JS_EXCEPTION;
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(fd, TIOCSWINSZ, &size) < 0 ? throw_errno(ctx, errno, "ioctl", "TIOCSWINSZ") : JS_UNDEFINED;
}

/* Sets raw mode (termios(3), cfmakeraw) and returns the settings before, for restore(). */
NATIVE(js_make_raw) {
  int fd;
  struct termios settings;
  if (JS_ToInt32(ctx, &fd, argv[0])) return JS_EXCEPTION;
  if (tcgetattr(fd, &settings) < 0) return throw_errno(ctx, errno, "tcgetattr", NULL);
  uint8_t *saved = malloc(sizeof settings);
  if (!saved) return JS_ThrowOutOfMemory(ctx);
  memcpy(saved, &settings, sizeof settings);
  cfmakeraw(&settings);
  if (tcsetattr(fd, TCSANOW, &settings) < 0) {
    free(saved);
    return throw_errno(ctx, errno, "tcsetattr", NULL);
  }
  return new_bytes(ctx, saved, sizeof settings);
}

NATIVE(js_restore) {
  int fd;
  struct bytes saved;
  if (JS_ToInt32(ctx, &fd, argv[0]) || get_bytes(ctx, argv[1], &saved)) return JS_EXCEPTION;
  if (saved.length != sizeof(struct termios)) return JS_ThrowTypeError(ctx, "not the settings of a terminal");
  return tcsetattr(fd, TCSANOW, (const struct termios *)(const void *)saved.data) < 0
             ? throw_errno(ctx, errno, "tcsetattr", NULL)
             : JS_UNDEFINED;
}

/* [master, slave], both close-on-exec, the master non-blocking. */
NATIVE(js_open_pty) {
  int master, slave;
  if (openpty(&master, &slave, NULL, NULL, NULL) < 0) return throw_errno(ctx, errno, "openpty", NULL);
  fcntl(master, F_SETFD, FD_CLOEXEC);
  fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
  fcntl(slave, F_SETFD, FD_CLOEXEC);
  JSValue pair = JS_NewArray(ctx);
  JS_SetPropertyUint32(ctx, pair, 0, JS_NewInt32(ctx, master));
  JS_SetPropertyUint32(ctx, pair, 1, JS_NewInt32(ctx, slave));
  return pair;
}

static const JSCFunctionListEntry tty_exports[] = {
    JS_CFUNC_DEF("isatty", 1, js_isatty),   JS_CFUNC_DEF("getSize", 1, js_get_size),
    JS_CFUNC_DEF("setSize", 3, js_set_size), JS_CFUNC_DEF("makeRaw", 1, js_make_raw),
    JS_CFUNC_DEF("restore", 2, js_restore), JS_CFUNC_DEF("openPty", 0, js_open_pty),
};
const struct native_module module_tty = {"native:tty", tty_exports, COUNT_OF(tty_exports)};

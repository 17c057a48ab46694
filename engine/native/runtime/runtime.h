/*
 * What the rooms of the runtime share: module tables, argument and error helpers, the event loop.
 *
 * A native module is one file mod_<facility>.c with one table of functions. A function turns its arguments
 * into C, makes its system calls, and turns the result back; policy lives in TypeScript. Every failed call
 * throws through throw_errno(), so that errors look the same everywhere.
 */
#ifndef DRYDOCK_RUNTIME_H
#define DRYDOCK_RUNTIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "quickjs.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* A flag for JS_CFUNC_DEF tables: an integer constant under its C name. */
#define JS_CONST(name) JS_PROP_INT32_DEF(#name, name, JS_PROP_ENUMERABLE)

/* The head of a function that JavaScript calls. QuickJS pads argv with undefined up to the length declared. */
#define NATIVE(name) static JSValue name(JSContext *ctx, JSValueConst this_value, int argc, JSValueConst *argv)

struct native_module {
  const char *name; /* the import specifier: "native:fs" */
  const JSCFunctionListEntry *exports;
  int count;
};

extern const struct native_module module_loop, module_fs, module_tree, module_process, module_namespace, module_netlink,
    module_socket, module_tty, module_digest, module_compress, module_tar, module_relay, module_http, module_text,
    module_view;

/* ---- errors (errors.c) ---- */

/*
 * Throws an Error whose message is "<call> <subject>: <text>" in Go's wording ("open /x: no such file or
 * directory"), with .code ("ENOENT"), .errno and .syscall. subject may be NULL. Returns JS_EXCEPTION.
 */
JSValue throw_errno(JSContext *ctx, int error, const char *call, const char *subject);

/* The symbolic name of an errno ("ENOENT"), or "EUNKNOWN". */
const char *errno_name(int error);
/* What it means, in Docker's spelling: "no space left on device". */
#define ERRNO_TEXT_SIZE 96
void errno_text(int error, char text[ERRNO_TEXT_SIZE]);

/* Prints an exception with its stack on stderr. Takes ownership of the value. */
void print_exception(JSContext *ctx, JSValue exception);

/* ---- values (values.c) ---- */

/* A view of a typed array; valid while the JavaScript value lives. */
struct bytes {
  uint8_t *data;
  size_t length;
};

/* Returns 0, or -1 with a TypeError thrown. */
int get_bytes(JSContext *ctx, JSValueConst value, struct bytes *out);

/* Text or bytes: a string is encoded as UTF-8. Release with free_data(). Returns 0 or -1 with an exception. */
struct data {
  struct bytes bytes;
  const char *text; /* non-NULL if it must be released */
};
int get_data(JSContext *ctx, JSValueConst value, struct data *out);
void free_data(JSContext *ctx, struct data *data);

/* An array of strings as a NULL-terminated vector. Returns NULL with an exception. Release with free_strings(). */
char **get_strings(JSContext *ctx, JSValueConst array);
void free_strings(char **strings);

/* An array of numbers as ints (malloc'ed, *count set). Returns NULL with an exception. */
int *get_ints(JSContext *ctx, JSValueConst array, int *count);

/* Optional properties of an options object; the default where it is undefined. -1/NULL means an exception. */
int get_int_property(JSContext *ctx, JSValueConst object, const char *name, int fallback, int *out);
int get_bool_property(JSContext *ctx, JSValueConst object, const char *name, bool fallback, bool *out);

/* An argument that may be undefined: then NULL. Returns 0 or -1 with an exception. */
int optional_text(JSContext *ctx, JSValueConst value, const char **out);

/* Sets a property and takes ownership of the value; ignores failure (out of memory aborts elsewhere). */
void set_property(JSContext *ctx, JSValueConst object, const char *name, JSValue value);

/*
 * A class of objects that own C memory (the opaque pointer). The first call registers it; later calls do
 * nothing. Returns 0 or -1 with an exception.
 */
int define_class(JSContext *ctx, JSClassID *id, const JSClassDef *definition, const JSCFunctionListEntry *methods,
                 int count);
/* A new object of that class; frees the memory with free() where it can't be made. */
JSValue new_object(JSContext *ctx, JSClassID id, void *opaque);

/* A fresh Uint8Array that owns a malloc'ed buffer. */
JSValue new_bytes(JSContext *ctx, uint8_t *buffer, size_t length);

/* ---- files (mod_fs.c) ---- */

/* What native:fs calls a Stat. */
JSValue new_stat(JSContext *ctx, const struct stat *status);

/* ---- event loop (loop.c) ---- */

/* C code's own registration in the loop: called with the epoll events that are ready. */
struct watcher {
  void (*ready)(struct watcher *watcher, uint32_t events);
  int fd;
  uint32_t events;
  bool active; /* maintained by the loop */
};

int loop_init(JSContext *ctx);
/* Returns 0 or -1 with errno (EPERM: the kernel can't poll this kind of file). */
int loop_watch(struct watcher *watcher, int fd, uint32_t events);
int loop_modify(struct watcher *watcher, uint32_t events);
void loop_unwatch(struct watcher *watcher);
/* Calls a JavaScript function with one argument (ownership taken), reports what it throws, runs the jobs. */
void loop_call(JSContext *ctx, JSValueConst function, JSValue argument);
/* Runs until nothing is left that could call back. Returns the process's exit status. */
int loop_run(JSContext *ctx);
/* Ends loop_run() with this status. */
void loop_exit(int status);

#endif

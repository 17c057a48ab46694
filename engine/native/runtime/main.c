/*
 * jsrun: runs a JavaScript module on QuickJS with our native modules.
 *
 *   jsrun FILE [ARG ...]            FILE is source or bytecode; its first line may be "#!...jsrun"
 *   jsrun --compile FILE OUT        writes FILE as bytecode, with a first line that makes it executable
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime.h"

#define BYTECODE_MARK "\0drydock bytecode\n"
#define MARK_LENGTH (sizeof BYTECODE_MARK - 1)
#define STACK_SIZE (1024 * 1024)
/* Reference counts free nearly everything; a cycle collection walks the whole heap, so let it be rare. */
#define GC_THRESHOLD (8 * 1024 * 1024)

static const struct native_module *const modules[] = {
    &module_loop,   &module_fs,     &module_tree,     &module_process, &module_namespace, &module_netlink, &module_socket,
    &module_tty,    &module_digest, &module_compress, &module_tar,     &module_relay,     &module_http,    &module_text,
    &module_view,
};

static const struct native_module *find_module(const char *name) {
  for (size_t i = 0; i < COUNT_OF(modules); i++)
    if (strcmp(modules[i]->name, name) == 0) return modules[i];
  return NULL;
}

static int init_module(JSContext *ctx, JSModuleDef *definition) {
  JSAtom atom = JS_GetModuleName(ctx, definition);
  const char *name = JS_AtomToCString(ctx, atom);
  const struct native_module *module = find_module(name);
  JS_FreeCString(ctx, name);
  JS_FreeAtom(ctx, atom);
  return JS_SetModuleExportList(ctx, definition, module->exports, module->count);
}

/* Bundles are single files: what they import is native. */
static JSModuleDef *load_module(JSContext *ctx, const char *name, void *opaque) {
  const struct native_module *module = find_module(name);
  if (!module) {
    JS_ThrowReferenceError(ctx, "no native module is called '%s'", name);
    return NULL;
  }
  JSModuleDef *definition = JS_NewCModule(ctx, name, init_module);
  if (definition) JS_AddModuleExportList(ctx, definition, module->exports, module->count);
  return definition;
}

static char *read_program(const char *path, size_t *length) {
  struct stat status;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  char *text = NULL;
  if (fd >= 0 && fstat(fd, &status) == 0 && (text = malloc((size_t)status.st_size + 1))) {
    ssize_t count;
    *length = 0;
    while (*length < (size_t)status.st_size &&
           (count = read(fd, text + *length, (size_t)status.st_size - *length)) > 0)
      *length += (size_t)count;
    text[*length] = 0;
  }
  if (fd >= 0) close(fd);
  return text;
}

/* The length of a first line that names the interpreter. */
static size_t first_line(const char *text, size_t length) {
  if (length < 2 || text[0] != '#' || text[1] != '!') return 0;
  const char *newline = memchr(text, '\n', length);
  return newline ? (size_t)(newline - text) + 1 : length;
}

static JSValue compile(JSContext *ctx, char *text, size_t length, const char *path) {
  size_t skip = first_line(text, length);
  if (length - skip > MARK_LENGTH && memcmp(text + skip, BYTECODE_MARK, MARK_LENGTH) == 0) {
    const uint8_t *bytecode = (const uint8_t *)text + skip + MARK_LENGTH;
    JSValue module = JS_ReadObject(ctx, bytecode, length - skip - MARK_LENGTH, JS_READ_OBJ_BYTECODE);
    if (!JS_IsException(module) && JS_ResolveModule(ctx, module) < 0) return JS_EXCEPTION;
    return module;
  }
  memset(text, ' ', skip > 0 ? skip - 1 : 0); /* keep the line, so that traces have the right numbers */
  return JS_Eval(ctx, text, length, path, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
}

static int write_bytecode(JSContext *ctx, JSValueConst module, const char *text, size_t line, const char *path) {
  size_t length;
  uint8_t *bytecode = JS_WriteObject(ctx, &length, module, JS_WRITE_OBJ_BYTECODE);
  FILE *file = bytecode ? fopen(path, "wb") : NULL;
  bool ok = file && fwrite(text, 1, line, file) == line && fwrite(BYTECODE_MARK, 1, MARK_LENGTH, file) == MARK_LENGTH &&
            fwrite(bytecode, 1, length, file) == length;
  if (file && fclose(file) != 0) ok = false;
  if (!ok || chmod(path, 0755) < 0) {
    fprintf(stderr, "jsrun: %s: %s\n", path, strerror(errno));
    return 1;
  }
  return 0;
}

/* Runs a compiled module to its end, event loop included. */
static int run(JSContext *ctx, JSValue module) {
  JSValue result = JS_EvalFunction(ctx, module);
  if (JS_IsException(result)) {
    print_exception(ctx, JS_GetException(ctx));
    return 70;
  }
  int status = loop_run(ctx);
  if (JS_PromiseState(ctx, result) == JS_PROMISE_REJECTED) {
    print_exception(ctx, JS_PromiseResult(ctx, result));
    status = 70;
  }
  JS_FreeValue(ctx, result);
  return status;
}

/* globalThis.arguments: the words behind the program's name. */
static void define_arguments(JSContext *ctx, int argc, char **argv) {
  JSValue global = JS_GetGlobalObject(ctx), list = JS_NewArray(ctx);
  for (int i = 0; i < argc; i++) JS_SetPropertyUint32(ctx, list, (uint32_t)i, JS_NewString(ctx, argv[i]));
  set_property(ctx, global, "programArguments", list);
  JS_FreeValue(ctx, global);
}

/* A closed stdio descriptor would be taken by the next file or socket, and that be written to as stdout. */
static void fill_stdio(void) {
  int fd;
  do fd = open("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= STDERR_FILENO);
  if (fd >= 0) close(fd);
}

int main(int argc, char **argv) {
  fill_stdio();
  bool compiling = argc == 4 && strcmp(argv[1], "--compile") == 0;
  if (argc < 2 || (argv[1][0] == '-' && !compiling)) {
    fprintf(stderr, "usage: jsrun FILE [ARG ...]\n       jsrun --compile FILE OUT\n");
    return 64;
  }
  const char *path = argv[compiling ? 2 : 1];
  size_t length;
  char *text = read_program(path, &length);
  if (!text) {
    fprintf(stderr, "jsrun: %s: %s\n", path, strerror(errno));
    return 66;
  }
  signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error of the write */

  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt);
  JS_SetMaxStackSize(rt, STACK_SIZE);
  JS_SetGCThreshold(rt, GC_THRESHOLD);
  JS_SetStripInfo(rt, JS_STRIP_SOURCE);
  JS_SetModuleLoaderFunc(rt, NULL, load_module, NULL);
  if (loop_init(ctx) < 0) abort();
  define_arguments(ctx, argc - 2, argv + 2);

  size_t line = first_line(text, length);
  char *head = strndup(text, line);
  JSValue module = compile(ctx, text, length, path);
  int status = 70;
  if (JS_IsException(module))
    print_exception(ctx, JS_GetException(ctx));
  else if (compiling)
    status = write_bytecode(ctx, module, head, line, argv[3]);
  else
    status = run(ctx, module);
  /* The kernel frees faster than we could. */
  fflush(NULL);
  _exit(status);
}

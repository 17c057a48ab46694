/* native:digest: SHA-256, at once and as bytes arrive. */
#include <stdlib.h>

#include "runtime.h"
#include "sha256.h"

static JSClassID sha256_class;

static JSValue new_hex(JSContext *ctx, const struct sha256 *hash) {
  char text[2 * SHA256_SIZE + 1];
  sha256_hex(hash, text);
  return JS_NewStringLen(ctx, text, sizeof text - 1);
}

NATIVE(js_sha256) {
  struct data data;
  struct sha256 hash;
  if (get_data(ctx, argv[0], &data)) return JS_EXCEPTION;
  sha256_init(&hash);
  sha256_update(&hash, data.bytes.data, data.bytes.length);
  free_data(ctx, &data);
  return new_hex(ctx, &hash);
}

static void finalize(JSRuntime *rt, JSValue value) { free(JS_GetOpaque(value, sha256_class)); }

static JSClassDef class_definition = {"Sha256", .finalizer = finalize};

NATIVE(js_update) {
  struct sha256 *hash = JS_GetOpaque2(ctx, this_value, sha256_class);
  struct data data;
  if (!hash || get_data(ctx, argv[0], &data)) return JS_EXCEPTION;
  sha256_update(hash, data.bytes.data, data.bytes.length);
  free_data(ctx, &data);
  return JS_UNDEFINED;
}

NATIVE(js_hex) {
  struct sha256 *hash = JS_GetOpaque2(ctx, this_value, sha256_class);
  return hash ? new_hex(ctx, hash) : JS_EXCEPTION;
}

static const JSCFunctionListEntry methods[] = {JS_CFUNC_DEF("update", 1, js_update), JS_CFUNC_DEF("hex", 0, js_hex)};

NATIVE(js_create) {
  struct sha256 *hash = malloc(sizeof *hash);
  if (!hash) return JS_ThrowOutOfMemory(ctx);
  sha256_init(hash);
  if (define_class(ctx, &sha256_class, &class_definition, methods, COUNT_OF(methods))) return JS_EXCEPTION;
  return new_object(ctx, sha256_class, hash);
}

static const JSCFunctionListEntry digest_exports[] = {
    JS_CFUNC_DEF("sha256", 1, js_sha256),
    JS_CFUNC_DEF("createSha256", 0, js_create),
};
const struct native_module module_digest = {"native:digest", digest_exports, COUNT_OF(digest_exports)};

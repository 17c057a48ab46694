/* native:text: between strings and bytes. */
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

static const char hex_digits[] = "0123456789abcdef";

NATIVE(js_encode) {
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!text) return JS_EXCEPTION;
  uint8_t *copy = malloc(length + 1);
  if (copy) memcpy(copy, text, length);
  JS_FreeCString(ctx, text);
  return copy ? new_bytes(ctx, copy, length) : JS_ThrowOutOfMemory(ctx);
}

/* decode(bytes, start?, end?): invalid UTF-8 becomes U+FFFD. */
NATIVE(js_decode) {
  struct bytes bytes;
  int64_t start = 0, end;
  if (get_bytes(ctx, argv[0], &bytes)) return JS_EXCEPTION;
  end = (int64_t)bytes.length;
  if (!JS_IsUndefined(argv[1]) && JS_ToInt64(ctx, &start, argv[1])) return JS_EXCEPTION;
  if (!JS_IsUndefined(argv[2]) && JS_ToInt64(ctx, &end, argv[2])) return JS_EXCEPTION;
  if (start < 0 || end < start || (uint64_t)end > bytes.length) return JS_ThrowRangeError(ctx, "outside the buffer");
  return JS_NewStringLen(ctx, (char *)bytes.data + start, (size_t)(end - start));
}

NATIVE(js_byte_length) {
  size_t length;
  const char *text = JS_ToCStringLen(ctx, &length, argv[0]);
  if (!text) return JS_EXCEPTION;
  JS_FreeCString(ctx, text);
  return JS_NewInt64(ctx, (int64_t)length);
}

NATIVE(js_to_hex) {
  struct bytes bytes;
  if (get_bytes(ctx, argv[0], &bytes)) return JS_EXCEPTION;
  char *text = malloc(bytes.length * 2 + 1);
  if (!text) return JS_ThrowOutOfMemory(ctx);
  for (size_t i = 0; i < bytes.length; i++) {
    text[2 * i] = hex_digits[bytes.data[i] >> 4];
    text[2 * i + 1] = hex_digits[bytes.data[i] & 15];
  }
  JSValue result = JS_NewStringLen(ctx, text, bytes.length * 2);
  free(text);
  return result;
}

/* indexOf(bytes, byte, start, end) → index or -1: memchr(3). */
NATIVE(js_index_of) {
  struct bytes bytes;
  int32_t byte;
  int64_t start, end;
  if (get_bytes(ctx, argv[0], &bytes) || JS_ToInt32(ctx, &byte, argv[1]) || JS_ToInt64(ctx, &start, argv[2]) ||
      JS_ToInt64(ctx, &end, argv[3]))
    return JS_EXCEPTION;
  if (start < 0 || end < start || (uint64_t)end > bytes.length) return JS_ThrowRangeError(ctx, "outside the buffer");
  const uint8_t *found = memchr(bytes.data + start, byte, (size_t)(end - start));
  return JS_NewInt64(ctx, found ? found - bytes.data : -1);
}

static const JSCFunctionListEntry text_exports[] = {
    JS_CFUNC_DEF("encode", 1, js_encode),          JS_CFUNC_DEF("decode", 3, js_decode),
    JS_CFUNC_DEF("byteLength", 1, js_byte_length), JS_CFUNC_DEF("toHex", 1, js_to_hex),
    JS_CFUNC_DEF("indexOf", 4, js_index_of),
};
const struct native_module module_text = {"native:text", text_exports, COUNT_OF(text_exports)};

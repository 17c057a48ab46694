/* native:http: the heads of HTTP/1.1 messages (RFC 9112, sections 2 to 5). */
#include <ctype.h>
#include <string.h>

#include "runtime.h"

#define MAX_HEAD (64 * 1024)

/* The end of the head: the offset behind its empty line, 0 where it is incomplete. */
static size_t head_length(const uint8_t *data, size_t length) {
  for (size_t at = 0; at < length;) {
    const uint8_t *newline = memchr(data + at, '\n', length - at);
    if (!newline) return 0;
    size_t line = (size_t)(newline - data) - at;
    if (at > 0 && (line == 0 || (line == 1 && data[at] == '\r'))) return (size_t)(newline - data) + 1;
    at = (size_t)(newline - data) + 1;
  }
  return 0;
}

static JSValue new_lower(JSContext *ctx, const uint8_t *text, size_t length) {
  char lower[256];
  if (length > sizeof lower) length = sizeof lower;
  for (size_t i = 0; i < length; i++) lower[i] = (char)tolower(text[i]);
  return JS_NewStringLen(ctx, lower, length);
}

/*
 * parseHead(bytes, start, end) → null while the head is incomplete, else
 * [length of the head, start line, name, value, name, value...] with names in lower case.
 * Throws SyntaxError on a line that is no header field, RangeError where the head is over 64 KiB.
 */
NATIVE(js_parse_head) {
  struct bytes bytes;
  int64_t start, end;
  if (get_bytes(ctx, argv[0], &bytes) || JS_ToInt64(ctx, &start, argv[1]) || JS_ToInt64(ctx, &end, argv[2]))
    return JS_EXCEPTION;
  if (start < 0 || end < start || (uint64_t)end > bytes.length) return JS_ThrowRangeError(ctx, "outside the buffer");
  const uint8_t *data = bytes.data + start;
  size_t total = head_length(data, (size_t)(end - start));
  if (total > MAX_HEAD || (total == 0 && end - start > MAX_HEAD)) return JS_ThrowRangeError(ctx, "header too large");
  if (total == 0) return JS_NULL;

  JSValue parts = JS_NewArray(ctx);
  uint32_t count = 0;
  JS_SetPropertyUint32(ctx, parts, count++, JS_NewInt64(ctx, (int64_t)total));
  for (size_t at = 0; at < total;) {
    size_t next = (size_t)((const uint8_t *)memchr(data + at, '\n', total - at) - data) + 1;
    size_t line_end = next - 1;
    if (line_end > at && data[line_end - 1] == '\r') line_end--;
    if (line_end == at) break;
    if (at == 0) {
      JS_SetPropertyUint32(ctx, parts, count++, JS_NewStringLen(ctx, (const char *)data, line_end));
    } else {
      const uint8_t *colon = memchr(data + at, ':', line_end - at);
      if (!colon || colon == data + at || isspace(colon[-1])) {
        JS_FreeValue(ctx, parts);
        return JS_ThrowSyntaxError(ctx, "malformed header field");
      }
      size_t value = (size_t)(colon - data) + 1, value_end = line_end;
      while (value < value_end && (data[value] == ' ' || data[value] == '\t')) value++;
      while (value_end > value && (data[value_end - 1] == ' ' || data[value_end - 1] == '\t')) value_end--;
      JS_SetPropertyUint32(ctx, parts, count++, new_lower(ctx, data + at, (size_t)(colon - data) - at));
      JS_SetPropertyUint32(ctx, parts, count++, JS_NewStringLen(ctx, (const char *)data + value, value_end - value));
    }
    at = next;
  }
  return parts;
}

static const JSCFunctionListEntry http_exports[] = {JS_CFUNC_DEF("parseHead", 3, js_parse_head)};
const struct native_module module_http = {"native:http", http_exports, COUNT_OF(http_exports)};

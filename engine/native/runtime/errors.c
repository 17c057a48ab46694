#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "runtime.h"

const char *errno_name(int error) {
  const char *name = strerrorname_np(error);
  return name ? name : "EUNKNOWN";
}

void errno_text(int error, char text[ERRNO_TEXT_SIZE]) {
  snprintf(text, ERRNO_TEXT_SIZE, "%s", strerror(error));
  /* Go, and so Docker, writes these texts in lower case, but keeps acronyms. */
  if (!isupper((unsigned char)text[1])) text[0] = (char)tolower((unsigned char)text[0]);
}

JSValue throw_errno(JSContext *ctx, int error, const char *call, const char *subject) {
  char text[ERRNO_TEXT_SIZE], message[4096];
  errno_text(error, text);
  if (subject)
    snprintf(message, sizeof message, "%s %s: %s", call, subject, text);
  else
    snprintf(message, sizeof message, "%s: %s", call, text);

  JSValue exception = JS_NewError(ctx);
  if (JS_IsException(exception)) return JS_EXCEPTION;
  JS_DefinePropertyValueStr(ctx, exception, "message", JS_NewString(ctx, message),
                            JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  set_property(ctx, exception, "code", JS_NewString(ctx, errno_name(error)));
  set_property(ctx, exception, "errno", JS_NewInt32(ctx, error));
  set_property(ctx, exception, "syscall", JS_NewString(ctx, call));
  return JS_Throw(ctx, exception);
}

void print_exception(JSContext *ctx, JSValue exception) {
  const char *text = JS_ToCString(ctx, exception);
  fprintf(stderr, "%s\n", text ? text : "(an exception that has no text)");
  JS_FreeCString(ctx, text);
  if (JS_IsError(ctx, exception)) {
    JSValue stack = JS_GetPropertyStr(ctx, exception, "stack");
    const char *trace = JS_IsString(stack) ? JS_ToCString(ctx, stack) : NULL;
    if (trace) fputs(trace, stderr);
    JS_FreeCString(ctx, trace);
    JS_FreeValue(ctx, stack);
    JSValue cause = JS_GetPropertyStr(ctx, exception, "cause");
    if (!JS_IsUndefined(cause) && !JS_IsException(cause)) {
      fputs("caused by ", stderr);
      print_exception(ctx, JS_DupValue(ctx, cause));
    }
    JS_FreeValue(ctx, cause);
  }
  JS_FreeValue(ctx, exception);
}

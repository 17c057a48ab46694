#include <stdlib.h>
#include <string.h>

#include "runtime.h"

int get_bytes(JSContext *ctx, JSValueConst value, struct bytes *out) {
  size_t offset, element, total;
  JSValue buffer = JS_GetTypedArrayBuffer(ctx, value, &offset, &out->length, &element);
  if (JS_IsException(buffer)) return -1;
  uint8_t *data = JS_GetArrayBuffer(ctx, &total, buffer);
  JS_FreeValue(ctx, buffer);
  out->data = data ? data + offset : NULL;
  return data || out->length == 0 ? 0 : -1;
}

int get_data(JSContext *ctx, JSValueConst value, struct data *out) {
  out->text = NULL;
  if (!JS_IsString(value)) return get_bytes(ctx, value, &out->bytes);
  out->text = JS_ToCStringLen(ctx, &out->bytes.length, value);
  out->bytes.data = (uint8_t *)out->text;
  return out->text ? 0 : -1;
}

void free_data(JSContext *ctx, struct data *data) {
  if (data->text) JS_FreeCString(ctx, data->text);
}

static int array_length(JSContext *ctx, JSValueConst array) {
  JSValue value = JS_GetPropertyStr(ctx, array, "length");
  int32_t length = -1;
  if (JS_ToInt32(ctx, &length, value)) length = -1;
  JS_FreeValue(ctx, value);
  return length;
}

char **get_strings(JSContext *ctx, JSValueConst array) {
  int length = array_length(ctx, array);
  if (length < 0) return NULL;
  char **strings = calloc((size_t)length + 1, sizeof *strings);
  if (!strings) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  for (int i = 0; i < length; i++) {
    JSValue item = JS_GetPropertyUint32(ctx, array, (uint32_t)i);
    const char *text = JS_ToCString(ctx, item);
    JS_FreeValue(ctx, item);
    strings[i] = text ? strdup(text) : NULL;
    JS_FreeCString(ctx, text);
    if (!strings[i]) {
      free_strings(strings);
      return NULL;
    }
  }
  return strings;
}

void free_strings(char **strings) {
  if (!strings) return;
  for (char **string = strings; *string; string++) free(*string);
  free(strings);
}

int *get_ints(JSContext *ctx, JSValueConst array, int *count) {
  int length = array_length(ctx, array);
  if (length < 0) return NULL;
  int *values = calloc((size_t)length + 1, sizeof *values);
  if (!values) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  for (int i = 0; i < length; i++) {
    JSValue item = JS_GetPropertyUint32(ctx, array, (uint32_t)i);
    int failed = JS_ToInt32(ctx, &values[i], item);
    JS_FreeValue(ctx, item);
    if (failed) {
      free(values);
      return NULL;
    }
  }
  *count = length;
  return values;
}

int get_int_property(JSContext *ctx, JSValueConst object, const char *name, int fallback, int *out) {
  *out = fallback;
  if (JS_IsUndefined(object)) return 0;
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  if (JS_IsException(value)) return -1;
  int result = JS_IsUndefined(value) ? 0 : JS_ToInt32(ctx, out, value);
  JS_FreeValue(ctx, value);
  return result;
}

int get_bool_property(JSContext *ctx, JSValueConst object, const char *name, bool fallback, bool *out) {
  *out = fallback;
  if (JS_IsUndefined(object)) return 0;
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  if (JS_IsException(value)) return -1;
  if (!JS_IsUndefined(value)) *out = JS_ToBool(ctx, value) > 0;
  JS_FreeValue(ctx, value);
  return 0;
}

int optional_text(JSContext *ctx, JSValueConst value, const char **out) {
  *out = JS_IsUndefined(value) ? NULL : JS_ToCString(ctx, value);
  return *out || JS_IsUndefined(value) ? 0 : -1;
}

void set_property(JSContext *ctx, JSValueConst object, const char *name, JSValue value) {
  JS_DefinePropertyValueStr(ctx, object, name, value, JS_PROP_C_W_E);
}

static void free_buffer(JSRuntime *rt, void *opaque, void *pointer) {
  free(pointer);
}

JSValue new_bytes(JSContext *ctx, uint8_t *buffer, size_t length) {
  JSValue array = JS_NewArrayBuffer(ctx, buffer, length, free_buffer, NULL, 0);
  if (JS_IsException(array)) {
    free(buffer);
    return array;
  }
  JSValueConst arguments[3] = {array, JS_UNDEFINED, JS_UNDEFINED};
  JSValue view = JS_NewTypedArray(ctx, 3, arguments, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(ctx, array);
  return view;
}

int define_class(JSContext *ctx, JSClassID *id, const JSClassDef *definition, const JSCFunctionListEntry *methods,
                 int count) {
  JSRuntime *rt = JS_GetRuntime(ctx);
  if (*id != JS_INVALID_CLASS_ID) return 0;
  JS_NewClassID(id);
  if (JS_NewClass(rt, *id, definition) < 0) return -1;
  JSValue prototype = JS_NewObject(ctx);
  JS_SetPropertyFunctionList(ctx, prototype, methods, count);
  JS_SetClassProto(ctx, *id, prototype);
  return 0;
}

JSValue new_object(JSContext *ctx, JSClassID id, void *opaque) {
  JSValue object = JS_NewObjectClass(ctx, (int)id);
  if (JS_IsException(object))
    free(opaque);
  else
    JS_SetOpaque(object, opaque);
  return object;
}

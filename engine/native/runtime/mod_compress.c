/* native:compress: gzip as a stream (RFC 1952), by zlib. */
#include <stdlib.h>
#include <zlib.h>

#include "runtime.h"

#define GZIP_WINDOW (15 + 16)
#define ANY_WINDOW (15 + 32) /* gzip or zlib, told from the first bytes */

struct stream {
  z_stream z;
  bool compresses, ended;
};

static JSClassID stream_class;

static void finalize(JSRuntime *rt, JSValue value) {
  struct stream *stream = JS_GetOpaque(value, stream_class);
  if (!stream) return;
  if (stream->compresses)
    deflateEnd(&stream->z);
  else
    inflateEnd(&stream->z);
  free(stream);
}

static JSClassDef class_definition = {"GzipStream", .finalizer = finalize};

static JSValue stream_error(JSContext *ctx, const struct stream *stream, int result) {
  return JS_ThrowTypeError(ctx, "gzip: %s", stream->z.msg ? stream->z.msg : zError(result));
}

/* One step of the stream on what is in z.next_in. */
static int step(struct stream *stream, bool last) {
  if (stream->compresses) return deflate(&stream->z, last ? Z_FINISH : Z_NO_FLUSH);
  int result = inflate(&stream->z, Z_NO_FLUSH);
  /* Several members one behind the other are one stream (RFC 1952, 2.2). */
  if (result == Z_STREAM_END && stream->z.avail_in > 0) {
    inflateReset(&stream->z);
    return Z_OK;
  }
  return result;
}

/* push(bytes, last) → what comes out. Throws on corrupt input, and on input that ends too early. */
NATIVE(js_push) {
  struct stream *stream = JS_GetOpaque2(ctx, this_value, stream_class);
  struct bytes input;
  if (!stream || get_bytes(ctx, argv[0], &input)) return JS_EXCEPTION;
  bool last = JS_ToBool(ctx, argv[1]) > 0;
  size_t space = input.length * (stream->compresses ? 1 : 3) + 256, length = 0;
  uint8_t *output = malloc(space);
  stream->z.next_in = input.data;
  stream->z.avail_in = (uInt)input.length;
  for (int result = Z_OK; output;) {
    stream->z.next_out = output + length;
    stream->z.avail_out = (uInt)(space - length);
    result = step(stream, last);
    length = space - stream->z.avail_out;
    if (result == Z_STREAM_END) stream->ended = true;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
      free(output);
      return stream_error(ctx, stream, result);
    }
    bool done = result == Z_STREAM_END || (stream->z.avail_in == 0 && stream->z.avail_out > 0);
    if (done) {
      if (last && !stream->ended) {
        free(output);
        return JS_ThrowTypeError(ctx, "gzip: unexpected end of data");
      }
      return new_bytes(ctx, output, length);
    }
    uint8_t *larger = realloc(output, space *= 2);
    if (!larger) free(output);
    output = larger;
  }
  return JS_ThrowOutOfMemory(ctx);
}

static const JSCFunctionListEntry methods[] = {JS_CFUNC_DEF("push", 2, js_push)};

static JSValue create(JSContext *ctx, bool compresses, int level) {
  struct stream *stream = calloc(1, sizeof *stream);
  if (!stream) return JS_ThrowOutOfMemory(ctx);
  stream->compresses = compresses;
  int result = compresses ? deflateInit2(&stream->z, level, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY)
                          : inflateInit2(&stream->z, ANY_WINDOW);
  if (result != Z_OK) {
    free(stream);
    return JS_ThrowInternalError(ctx, "zlib: %s", zError(result));
  }
  if (define_class(ctx, &stream_class, &class_definition, methods, COUNT_OF(methods))) return JS_EXCEPTION;
  return new_object(ctx, stream_class, stream);
}

NATIVE(js_gunzip) { return create(ctx, false, 0); }

NATIVE(js_gzip) {
  int level = Z_DEFAULT_COMPRESSION;
  if (!JS_IsUndefined(argv[0]) && JS_ToInt32(ctx, &level, argv[0])) return JS_EXCEPTION;
  return create(ctx, true, level);
}

static const JSCFunctionListEntry compress_exports[] = {
    JS_CFUNC_DEF("createGunzip", 0, js_gunzip),
    JS_CFUNC_DEF("createGzip", 1, js_gzip),
};
const struct native_module module_compress = {"native:compress", compress_exports, COUNT_OF(compress_exports)};

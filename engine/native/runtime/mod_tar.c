/* native:tar: archives straight into and out of directories, digests and gzip on the way. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "runtime.h"
#include "sha256.h"
#include "tar_pack.h"
#include "tar_unpack.h"

/* ---- unpacking ---- */

struct unpacker {
  struct tar_unpack *tar;
  struct sha256 input, content; /* of what came in, and of the tar inside */
  uint8_t magic[2];
  size_t magic_used;
  bool digests; /* whether anybody wants them: they cost more than all the rest */
  bool compressed, started, gzip_ended;
  z_stream z;
};

static JSClassID unpacker_class;

static void finalize_unpacker(JSRuntime *rt, JSValue value) {
  struct unpacker *unpacker = JS_GetOpaque(value, unpacker_class);
  if (!unpacker) return;
  if (unpacker->compressed) inflateEnd(&unpacker->z);
  tar_unpack_free(unpacker->tar);
  free(unpacker);
}

static JSClassDef unpacker_definition = {"Unpacker", .finalizer = finalize_unpacker};

static JSValue throw_archive(JSContext *ctx, const char *message) { return JS_ThrowTypeError(ctx, "%s", message); }

/* Hands plain tar data on. Returns NULL or the error's text. */
static const char *take_content(struct unpacker *unpacker, const uint8_t *data, size_t length) {
  if (unpacker->compressed && unpacker->digests) sha256_update(&unpacker->content, data, length);
  return tar_unpack_write(unpacker->tar, data, length) < 0 ? tar_unpack_error(unpacker->tar) : NULL;
}

static const char *take_gzip(struct unpacker *unpacker, const uint8_t *data, size_t length) {
  static uint8_t output[128 * 1024];
  unpacker->z.next_in = (Bytef *)(uintptr_t)data;
  unpacker->z.avail_in = (uInt)length;
  while (unpacker->z.avail_in > 0) {
    unpacker->z.next_out = output;
    unpacker->z.avail_out = sizeof output;
    int result = inflate(&unpacker->z, Z_NO_FLUSH);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      return unpacker->z.msg ? unpacker->z.msg : zError(result);
    const char *problem = take_content(unpacker, output, sizeof output - unpacker->z.avail_out);
    if (problem) return problem;
    unpacker->gzip_ended = result == Z_STREAM_END;
    if (unpacker->gzip_ended && unpacker->z.avail_in > 0) inflateReset(&unpacker->z);
  }
  return NULL;
}

static const char *take_input(struct unpacker *unpacker, const uint8_t *data, size_t length) {
  return unpacker->compressed ? take_gzip(unpacker, data, length) : take_content(unpacker, data, length);
}

/* Decides from the first two bytes whether the input is compressed. */
static const char *start(struct unpacker *unpacker) {
  unpacker->started = true;
  if (unpacker->magic_used == 2 && unpacker->magic[0] == 0x1f && unpacker->magic[1] == 0x8b) {
    if (inflateInit2(&unpacker->z, 15 + 16) != Z_OK) return "out of memory";
    unpacker->compressed = true;
  }
  return take_input(unpacker, unpacker->magic, unpacker->magic_used);
}

NATIVE(js_unpack_write) {
  struct unpacker *unpacker = JS_GetOpaque2(ctx, this_value, unpacker_class);
  struct bytes input;
  if (!unpacker || get_bytes(ctx, argv[0], &input)) return JS_EXCEPTION;
  if (unpacker->digests) sha256_update(&unpacker->input, input.data, input.length);
  while (!unpacker->started && input.length > 0) {
    unpacker->magic[unpacker->magic_used++] = *input.data++;
    input.length--;
    const char *problem = unpacker->magic_used == 2 ? start(unpacker) : NULL;
    if (problem) return throw_archive(ctx, problem);
  }
  const char *problem = take_input(unpacker, input.data, input.length);
  return problem ? throw_archive(ctx, problem) : JS_UNDEFINED;
}

/* end() → {digest, diffId, size}: digests of the input and of the tar in it, if wanted; bytes of all regular files. */
NATIVE(js_unpack_end) {
  struct unpacker *unpacker = JS_GetOpaque2(ctx, this_value, unpacker_class);
  if (!unpacker) return JS_EXCEPTION;
  const char *problem = unpacker->started ? NULL : start(unpacker);
  if (!problem && unpacker->compressed && !unpacker->gzip_ended) problem = "unexpected EOF";
  if (!problem && tar_unpack_end(unpacker->tar) < 0) problem = tar_unpack_error(unpacker->tar);
  if (problem) return throw_archive(ctx, problem);
  char digest[2 * SHA256_SIZE + 1] = "", content[2 * SHA256_SIZE + 1] = "";
  if (unpacker->digests) {
    sha256_hex(&unpacker->input, digest);
    sha256_hex(unpacker->compressed ? &unpacker->content : &unpacker->input, content);
  }
  JSValue object = JS_NewObject(ctx);
  set_property(ctx, object, "digest", JS_NewString(ctx, digest));
  set_property(ctx, object, "diffId", JS_NewString(ctx, content));
  set_property(ctx, object, "size", JS_NewFloat64(ctx, tar_unpack_size(unpacker->tar)));
  return object;
}

static const JSCFunctionListEntry unpacker_methods[] = {
    JS_CFUNC_DEF("write", 1, js_unpack_write),
    JS_CFUNC_DEF("end", 0, js_unpack_end),
};

static int get_owner(JSContext *ctx, JSValueConst object, struct tar_extract_options *options) {
  int uid, gid;
  if (get_int_property(ctx, object, "uid", -1, &uid) || get_int_property(ctx, object, "gid", -1, &gid)) return -1;
  bool ours;
  if (get_bool_property(ctx, object, "ours", false, &ours)) return -1;
  options->owned = ours || (uid >= 0 && gid >= 0);
  options->uid = (uint32_t)uid;
  options->gid = (uint32_t)gid;
  return 0;
}

static int get_optional_text(JSContext *ctx, JSValueConst object, const char *name, const char **text) {
  JSValue value = JS_GetPropertyStr(ctx, object, name);
  int result = optional_text(ctx, value, text);
  JS_FreeValue(ctx, value);
  return result;
}

/* createUnpacker(root, {whiteouts, digests, below?, keepKinds?, uid?, gid?, ours?, from?, to?}): see tar_extract.h. */
NATIVE(js_create_unpacker) {
  struct tar_extract_options options = {0};
  bool whiteouts;
  JSValue result = JS_EXCEPTION;
  struct unpacker *unpacker = calloc(1, sizeof *unpacker);
  if (!unpacker) abort();
  const char *below = NULL;
  if (!(options.root = JS_ToCString(ctx, argv[0])) || get_optional_text(ctx, argv[1], "below", &below) ||
      get_optional_text(ctx, argv[1], "from", &options.from) || get_optional_text(ctx, argv[1], "to", &options.to) ||
      get_owner(ctx, argv[1], &options) ||
      get_bool_property(ctx, argv[1], "whiteouts", false, &whiteouts) ||
      get_bool_property(ctx, argv[1], "digests", false, &unpacker->digests) ||
      get_bool_property(ctx, argv[1], "keepKinds", false, &options.keep_kinds) ||
      define_class(ctx, &unpacker_class, &unpacker_definition, unpacker_methods, COUNT_OF(unpacker_methods)))
    goto done;
  options.below = below ? below : "";
  options.whiteouts = whiteouts ? WHITEOUTS_OVERLAY : WHITEOUTS_KEEP;
  sha256_init(&unpacker->input);
  sha256_init(&unpacker->content);
  unpacker->tar = tar_unpack_open(&options);
  if (unpacker->tar) {
    result = new_object(ctx, unpacker_class, unpacker);
    unpacker = NULL;
  } else {
    result = throw_errno(ctx, errno, "open", options.root);
  }
done:
  free(unpacker);
  JS_FreeCString(ctx, options.from);
  JS_FreeCString(ctx, options.to);
  JS_FreeCString(ctx, below);
  JS_FreeCString(ctx, options.root);
  return result;
}

/* ---- packing ---- */

static JSClassID packer_class;

static void finalize_packer(JSRuntime *rt, JSValue value) { tar_pack_free(JS_GetOpaque(value, packer_class)); }

static JSClassDef packer_definition = {"Packer", .finalizer = finalize_packer};

/* read(buffer) → length, 0 at the end. The buffer must hold at least 16 KiB. */
NATIVE(js_pack_read) {
  struct tar_pack *pack = JS_GetOpaque2(ctx, this_value, packer_class);
  struct bytes buffer;
  if (!pack || get_bytes(ctx, argv[0], &buffer)) return JS_EXCEPTION;
  if (buffer.length < 16384) return JS_ThrowRangeError(ctx, "a packer needs a buffer of 16 KiB");
  ssize_t length = tar_pack_read(pack, buffer.data, buffer.length);
  return length < 0 ? throw_archive(ctx, tar_pack_error(pack)) : JS_NewInt64(ctx, length);
}

static const JSCFunctionListEntry packer_methods[] = {JS_CFUNC_DEF("read", 1, js_pack_read)};

/* createPacker(directory, whiteouts, name?, rename?): see tar_pack.h. */
NATIVE(js_create_packer) {
  struct tar_pack_options options = {.whiteouts = JS_ToBool(ctx, argv[1]) > 0};
  JSValue result = JS_EXCEPTION;
  if (!(options.directory = JS_ToCString(ctx, argv[0])) || optional_text(ctx, argv[2], &options.name) ||
      optional_text(ctx, argv[3], &options.rename))
    goto done;
  struct tar_pack *pack = tar_pack_open(&options);
  if (!pack) {
    result = throw_errno(ctx, errno, "open", options.directory);
    goto done;
  }
  if (define_class(ctx, &packer_class, &packer_definition, packer_methods, COUNT_OF(packer_methods)) == 0)
    result = new_object(ctx, packer_class, pack);
done:
  JS_FreeCString(ctx, options.directory);
  JS_FreeCString(ctx, options.name);
  JS_FreeCString(ctx, options.rename);
  return result;
}

static const JSCFunctionListEntry tar_exports[] = {
    JS_CFUNC_DEF("createUnpacker", 2, js_create_unpacker),
    JS_CFUNC_DEF("createPacker", 4, js_create_packer),
};
const struct native_module module_tar = {"native:tar", tar_exports, COUNT_OF(tar_exports)};

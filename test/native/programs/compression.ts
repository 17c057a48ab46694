/** Compresses a file and back, hashes it in pieces, and gives corrupt data to the decompressor; prints what came out. */
import { readFile, write } from "native:fs";
import { createGunzip, createGzip } from "native:compress";
import { createSha256, sha256 } from "native:digest";

const [plainPath = "", gzipPath = ""] = programArguments;
const PIECE = 1000;

/** Pieces of a file, each pushed through; the digest of all that comes out. */
function digestThrough(bytes: Uint8Array, push: (piece: Uint8Array, last: boolean) => Uint8Array): string {
  const digest = createSha256();
  for (let at = 0; at < bytes.length; at += PIECE) {
    digest.update(push(bytes.subarray(at, at + PIECE), at + PIECE >= bytes.length));
  }
  return digest.hex();
}

function failure(attempt: () => unknown): string {
  try {
    attempt();
    return "none";
  } catch (error) {
    return error instanceof Error ? error.name : "";
  }
}

const plain = readFile(plainPath);
const gzip = createGzip();
const back = createGunzip();
const inflate = createGunzip();
write(
  1,
  JSON.stringify({
    whole: sha256(plain),
    pieces: digestThrough(plain, piece => piece),
    roundTrip: digestThrough(plain, (piece, last) => back.push(gzip.push(piece, last), last)),
    foreign: digestThrough(readFile(gzipPath), (piece, last) => inflate.push(piece, last)),
    empty: sha256(""),
    corrupt: failure(() => createGunzip().push(plain, true)),
    cutOff: failure(() => createGunzip().push(readFile(gzipPath).subarray(0, 100), true)),
  }),
);

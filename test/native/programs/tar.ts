/**
 * unpack ARCHIVE DIRECTORY LAYER: unpacks, with whiteouts where LAYER is "layer"; prints what end() tells, or why not.
 * pack DIRECTORY ARCHIVE LAYER: the other way round.
 */
import { close, O_CREAT, O_WRONLY, open, readFile, write } from "native:fs";
import { createPacker, createUnpacker } from "native:tar";

/** Small, so that headers and names are cut anywhere. */
const PIECE = 777;
const PACKER_BUFFER = 16 * 1024;

function unpack(archive: string, directory: string, whiteouts: boolean): string {
  const bytes = readFile(archive);
  const unpacker = createUnpacker(directory, { whiteouts, digests: true });
  try {
    for (let at = 0; at < bytes.length; at += PIECE) unpacker.write(bytes.subarray(at, at + PIECE));
    return JSON.stringify(unpacker.end());
  } catch (error) {
    return String(error);
  }
}

function pack(directory: string, archive: string, whiteouts: boolean): string {
  const packer = createPacker(directory, whiteouts);
  const buffer = new Uint8Array(PACKER_BUFFER);
  const fd = open(archive, O_WRONLY | O_CREAT, 0o600);
  for (let length = packer.read(buffer); length > 0; length = packer.read(buffer))
    write(fd, buffer, 0, length);
  close(fd);
  return "";
}

const [verb, from = "", to = "", layer] = programArguments;
const answer = (verb === "pack" ? pack : unpack)(from, to, layer === "layer");
write(1, answer);

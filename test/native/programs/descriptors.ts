/** Passes a pipe's end over a socket, and what cat(1) writes through a relay to a file; prints what has arrived. */
import { close, O_CREAT, O_RDWR, open, pipe, read, readText, write } from "native:fs";
import { spawn } from "native:process";
import { start } from "native:relay";
import { pair, peerCredentials, receiveWithFds, sendWithFds } from "native:socket";
import { decode } from "native:text";

const [source = "", copy = ""] = programArguments;
const buffer = new Uint8Array(64);

function passed(): object {
  const [ours, theirs] = pair();
  const [readEnd, writeEnd] = pipe();
  sendWithFds(ours, "with a descriptor", [writeEnd]);
  close(writeEnd);
  const message = receiveWithFds(theirs, buffer);
  const text = decode(buffer, 0, message?.length ?? 0);
  const [fd = -1] = message?.fds ?? [];
  write(fd, "through the pipe");
  close(fd);
  const piped = decode(buffer, 0, read(readEnd, buffer));
  const atEnd = read(readEnd, buffer); // 0 only where no other copy of the write end is left
  close(ours);
  return { text, piped, atEnd, uid: peerCredentials(theirs).uid, rest: receiveWithFds(theirs, buffer) };
}

const [from, cat] = pipe();
spawn({ file: "/bin/cat", argv: ["cat", source], fds: [-1, cat, 2] });
close(cat);
const to = open(copy, O_CREAT | O_RDWR, 0o600);
start(from, to, reason => {
  write(1, JSON.stringify({ ...passed(), reason, same: readText(copy) === readText(source) }));
});

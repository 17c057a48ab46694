/**
 * Runs a command line on a terminal of its own, for a test that types and reads:
 *
 *   pty-host ROWS COLUMNS LINE
 *
 * stdin brings a JSON value a line: text to type, or [rows, columns] of a new size. What the terminal shows goes to
 * stdout. Ends as the line ends.
 */
import { close, read, write } from "native:fs";
import { EPOLLHUP, EPOLLIN, exit, unwatch, watch } from "native:loop";
import { pidfdOpen, spawn, wait } from "native:process";
import { decode } from "native:text";
import { openPty, setSize } from "native:tty";

const [rows = "24", columns = "80", line = ""] = programArguments;
const [master, slave] = openPty();
setSize(master, Number(rows), Number(columns));
// setsid(1) makes the terminal the controlling one of a new session: job control needs that.
const pid = spawn({
  file: "/usr/bin/setsid",
  argv: ["setsid", "--ctty", "--wait", "bash", "--norc", "-c", line],
  fds: [slave, slave, slave],
  newSession: true,
});
close(slave);

const buffer = new Uint8Array(65536);

/** Shows what is there; false where nobody has the terminal any more. */
function show(): boolean {
  try {
    const length = read(master, buffer);
    if (length > 0) write(1, buffer, 0, length);
    return length > 0;
  } catch {
    return false; // EIO: the last one has closed it
  }
}

const output = watch(master, EPOLLIN | EPOLLHUP, () => {
  if (!show()) unwatch(output);
});

let commands = "";
const input = watch(0, EPOLLIN | EPOLLHUP, () => {
  const length = read(0, buffer);
  if (length === 0) unwatch(input);
  commands += decode(buffer, 0, length);
  const lines = commands.split("\n");
  commands = lines.pop() ?? "";
  for (const text of lines) obey(JSON.parse(text));
});

function obey(command: string | [number, number]): void {
  if (typeof command === "string") write(master, command);
  else setSize(master, command[0], command[1]);
}

watch(pidfdOpen(pid), EPOLLIN, () => {
  const ended = wait(pid);
  if (ended === null) return;
  while (show()); // the program has gone, and with it the last that could write
  exit(ended.code);
});

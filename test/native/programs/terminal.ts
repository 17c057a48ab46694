/** What a terminal does with input as it is and raw, and its size; prints what has arrived. */
import { read, write } from "native:fs";
import { decode } from "native:text";
import { getSize, isatty, makeRaw, openPty, restore, setSize } from "native:tty";

const [master, slave] = openPty();
const buffer = new Uint8Array(64);

/** What a reader of the terminal gets when this is typed, and what is shown. */
function typed(text: string): { input: string; shown: string } {
  write(master, text);
  const input = decode(buffer, 0, read(slave, buffer));
  write(slave, "\n|");
  let shown = "";
  while (!shown.endsWith("|")) shown += decode(buffer, 0, read(master, buffer));
  return { input, shown };
}

setSize(master, 33, 121);
const cooked = typed("ab\u007fc\r");
const settings = makeRaw(slave);
const raw = typed("ab\u007fc\r");
restore(slave, settings);
const again = typed("d\r");
write(1, JSON.stringify({ isatty: isatty(slave), size: getSize(slave), cooked, raw, again }));

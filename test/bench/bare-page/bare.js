/**
 * The least that a page can do with the machine of dist/machine: v86 on the page's own thread, the snapshot put
 * into it, and one character sent to the serial port, whose terminal echoes it. What the playground's start is
 * measured against.
 */
import { V86 } from "./v86/libv86.mjs";

const screen = document.querySelector("#console");
const index = await (await fetch("../machine/index.json")).json();
const file = new Uint8Array(await (await fetch(`../machine/${index.snapshot.file}`)).arrayBuffer());
/** Before v86's own state the file has one line that says what it is. */
const state = file.slice(file.indexOf(10) + 1).buffer;

const emulator = new V86({
  wasm_path: `../machine/${index.wasm.file}`,
  initial_state: { buffer: state },
  memory_size: index.memory * 1024 * 1024,
  vga_memory_size: 2 * 1024 * 1024,
  virtio_console: true,
  net_device: { type: "virtio" },
  filesystem: {},
  autostart: true,
  disable_speaker: true,
  disable_keyboard: true,
  disable_mouse: true,
});
emulator.add_listener("serial0-output-byte", byte => {
  screen.textContent += String.fromCharCode(byte);
});
emulator.add_listener("emulator-started", () => emulator.serial0_send("x"));

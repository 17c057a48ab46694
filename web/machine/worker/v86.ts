import { V86 } from "v86";

/** The version of v86 that package.json pins; a test compares them. */
export const V86_VERSION = "0.5.462";

/** A file for v86. */
interface V86Image {
  buffer: ArrayBuffer;
}

/** The options that we use: v86's own declaration lacks some and asks for the DOM's types. */
export interface V86Options {
  wasm_fn: (imports: WebAssembly.Imports) => Promise<WebAssembly.Exports>;
  bios?: V86Image;
  vga_bios?: V86Image;
  bzimage?: V86Image;
  initrd?: V86Image;
  cmdline?: string;
  memory_size: number;
  vga_memory_size: number;
  virtio_console: boolean;
  net_device: { type: "virtio" };
  filesystem: Record<string, never>;
  autostart: boolean;
  disable_speaker: boolean;
  disable_keyboard: boolean;
  disable_mouse: boolean;
}

/** The part of an emulator that we use. */
export interface V86Emulator {
  readonly bus: { send(event: string, value: unknown): void };
  add_listener(event: "emulator-loaded", listener: () => void): void;
  add_listener(event: "serial0-output-byte", listener: (byte: number) => void): void;
  add_listener(event: `virtio-console${number}-output-bytes`, listener: (bytes: Uint8Array) => void): void;
  run(): Promise<void>;
  stop(): Promise<void>;
  destroy(): Promise<void>;
  save_state(): Promise<ArrayBuffer>;
  restore_state(state: ArrayBuffer): Promise<void>;
}

/** Makes an emulator, which says `emulator-loaded` when it can run. */
export function createV86(options: V86Options): V86Emulator {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- our narrow declaration takes its place
  const Emulator = V86 as unknown as new (options: V86Options) => V86Emulator;
  return new Emulator(options);
}

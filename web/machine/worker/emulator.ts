import type { Port } from "../../protocol/link.ts";
import { MachineError } from "../machine-error.ts";
import { sparingMemory } from "./sparing-memory.ts";
import { type V86Emulator, createV86 } from "./v86.ts";

/** What a kernel is started with. */
export interface KernelFiles {
  readonly bios: ArrayBuffer;
  readonly vgaBios: ArrayBuffer;
  readonly kernel: ArrayBuffer;
  readonly initrd: ArrayBuffer;
  readonly commandLine: string;
}

export interface EmulatorOptions {
  readonly module: WebAssembly.Module;
  /** MiB. */
  readonly memory: number;
  /** Absent for a machine that will be restored. */
  readonly boot?: KernelFiles;
}

const MIB = 1024 * 1024;
/** Nobody looks at the screen, but v86 wants to have one. */
const VGA_MEMORY = 2 * MIB;
/** What the emulator's own tables and compiled code take beside the guest's memory. */
const OWN_MEMORY = 96 * MIB;
const WASM_PAGE = 64 * 1024;
/** Characters of the console that are kept to explain a failure. */
const CONSOLE_TAIL = 4000;

/** v86 with the devices that our guest uses. */
export class Emulator {
  readonly #v86: V86Emulator;
  #console = "";

  private constructor(v86: V86Emulator) {
    this.#v86 = v86;
    const decoder = new TextDecoder();
    v86.add_listener("serial0-output-byte", byte => {
      this.#console += decoder.decode(Uint8Array.of(byte), { stream: true });
      if (this.#console.length > 2 * CONSOLE_TAIL) this.#console = this.consoleTail;
    });
  }

  /**
   * Makes an emulator that does not run yet. Rejects with a {@link MachineError} of kind `unsupported` or
   * `memory`.
   */
  static async create(options: EmulatorOptions): Promise<Emulator> {
    probeMemory(options.memory);
    return new Promise((resolve, reject) => {
      const v86 = createV86({
        // v86 does not look at a rejection: it would stay silent for ever.
        wasm_fn: async imports => {
          try {
            const { exports } = await WebAssembly.instantiate(options.module, imports);
            return options.boot === undefined ? sparingMemory(exports) : exports;
          } catch (error) {
            reject(new MachineError("unsupported", "this browser cannot run the emulator", { cause: error }));
            return new Promise<never>(() => undefined);
          }
        },
        ...bootOptions(options.boot),
        memory_size: options.memory * MIB,
        vga_memory_size: VGA_MEMORY,
        virtio_console: true,
        // A state can only be restored into a machine with the same devices.
        net_device: { type: "virtio" },
        filesystem: {},
        autostart: false,
        disable_speaker: true,
        disable_keyboard: true,
        disable_mouse: true,
      });
      const emulator = new Emulator(v86);
      v86.add_listener("emulator-loaded", () => resolve(emulator));
    });
  }

  /** The last lines of the serial console. */
  get consoleTail(): string {
    return this.#console.slice(-CONSOLE_TAIL);
  }

  /** Port `number` of the virtio console: 1 and 2 are the link's. */
  port(number: number): Port {
    return {
      send: chunk => this.#v86.bus.send(`virtio-console${number}-input-bytes`, chunk),
      onData: callback => this.#v86.add_listener(`virtio-console${number}-output-bytes`, callback),
    };
  }

  run(): Promise<void> {
    return this.#v86.run();
  }

  stop(): Promise<void> {
    return this.#v86.stop();
  }

  save(): Promise<ArrayBuffer> {
    return this.#v86.save_state();
  }

  /** Puts a saved state in the machine's place; rejects with a {@link MachineError} of kind `mismatch`. */
  async restore(state: ArrayBuffer): Promise<void> {
    try {
      await this.#v86.restore_state(state);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new MachineError("mismatch", `the saved state cannot be restored: ${reason}`, { cause: error });
    }
  }

  destroy(): Promise<void> {
    return this.#v86.destroy();
  }
}

/** v86 only says `unreachable` when it gets no memory, and to nobody: ask for as much before. */
function probeMemory(memory: number): void {
  try {
    void new WebAssembly.Memory({ initial: (memory * MIB + OWN_MEMORY) / WASM_PAGE });
  } catch (error) {
    throw new MachineError("memory", `this browser has no ${memory} MiB of memory left`, { cause: error });
  }
}

function bootOptions(boot: KernelFiles | undefined) {
  if (boot === undefined) return {};
  return {
    bios: { buffer: boot.bios },
    vga_bios: { buffer: boot.vgaBios },
    bzimage: { buffer: boot.kernel },
    initrd: { buffer: boot.initrd },
    cmdline: boot.commandLine,
  };
}

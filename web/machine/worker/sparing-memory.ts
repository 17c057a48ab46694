type Call = (...values: number[]) => number;

/**
 * v86's exports, for an emulator that will be restored, without a waste: restoring a state, v86 first fills all of the guest's memory with zeros. That of a
 * new emulator holds nothing else, and filling it would take longer than all the rest, and make the browser provide
 * memory that the guest may never use.
 */
export function sparingMemory(exports: WebAssembly.Exports): WebAssembly.Exports {
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new TypeError("this is not v86");
  const allocate = callOf(exports, "allocate_memory");
  const zero = callOf(exports, "zero_memory");
  let fresh = true;
  return {
    ...exports,
    allocate_memory: (length: number): number => {
      const used = memory.buffer.byteLength;
      const address = allocate(length);
      // What WebAssembly has grown by is zero; what it had before may hold traces of the allocator.
      const old = Math.min(length, Math.max(0, used - address));
      new Uint8Array(memory.buffer, address, old).fill(0);
      return address;
    },
    zero_memory: (address: number, length: number): void => {
      if (fresh && address === 0) fresh = false;
      else zero(address, length);
    },
  };
}

function callOf(exports: WebAssembly.Exports, name: string): Call {
  const call = exports[name];
  if (typeof call !== "function") throw new TypeError("this is not v86");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript knows no more of it than that it is a function
  return call as Call;
}

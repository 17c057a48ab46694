import type { GuestOptions } from "../../scripts/lib/guest.ts";

/** The machine under test: the one that `npm run build` made, or the saved one that the environment names. */
export function testMachine(): GuestOptions {
  const from = process.env["DRYDOCK_TEST_MACHINE"];
  return from === undefined ? {} : { from };
}

/** Milliseconds for a machine to start and a few commands to run, on a busy computer. */
export const GUEST_TIMEOUT = 120_000;

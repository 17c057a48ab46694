/** A container's log, in batches of records. */
export interface LogBatches {
  /** Whether it came from a terminal: then it is sent without frames. */
  readonly tty: boolean;
  readonly records: AsyncIterable<readonly { readonly log: string; readonly stream: "stdout" | "stderr" }[]>;
  /** Ends one that is followed. */
  close(): void;
  /** UTF-8. */
  encode(text: string): Uint8Array;
}

const HEADER = 8;

/** Output as one frame of the Engine API's multiplexed streams ("Attach to a container"). */
export function frame(stream: "stdout" | "stderr", bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEADER + bytes.length);
  framed[0] = stream === "stderr" ? 2 : 1;
  new DataView(framed.buffer).setUint32(4, bytes.length);
  framed.set(bytes, HEADER);
  return framed;
}

/** Sends a log to its end. Neighbouring records of one stream share a frame. */
export async function writeLog(log: LogBatches, write: (data: Uint8Array) => Promise<void>): Promise<void> {
  for await (const batch of log.records) {
    let text = "";
    let stream: "stdout" | "stderr" = "stdout";
    const flush = async (): Promise<void> => {
      if (text === "") return;
      const bytes = log.encode(text);
      text = "";
      await write(log.tty ? bytes : frame(stream, bytes));
    };
    for (const record of batch) {
      if (record.stream !== stream) await flush();
      stream = record.stream;
      text += record.log;
    }
    await flush();
  }
}

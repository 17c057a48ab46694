import { EngineError } from "../base/errors.ts";
import { decodeTimeOption } from "../base/time-option.ts";
import {
  compareTimestamps,
  parseTimestamp,
  type Timestamp,
  formatTimestampFixed,
} from "../base/timestamp.ts";
import { JsonLogReader, type LogRecord } from "../container/json-log.ts";
import { hasProcess } from "../container/state.ts";
import type { Daemon } from "./daemon.ts";

export interface LogOptions {
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly follow: boolean;
  readonly timestamps: boolean;
  /** "all" or a number. */
  readonly tail: string;
  /** Seconds since 1970 with a fraction, or empty. */
  readonly since: string;
  readonly until: string;
}

/** A log that is being read. */
export interface LogStream {
  /** Whether the container has a terminal: then there are no frames around its output. */
  readonly tty: boolean;
  /** Batches of records, filtered, with the time in front where that was asked for. */
  readonly records: AsyncGenerator<LogRecord[]>;
  close(): void;
}

function parseTail(text: string): number {
  const count = Number(text);
  return text === "" || text === "all" || !Number.isInteger(count) || count < 0 ? -1 : count;
}

function timeOf(value: string): Timestamp | null {
  return value === "" || value === "0" ? null : decodeTimeOption(value);
}

/** Opens a container's log. Throws "invalid" where no stream was chosen, or where there is no log to read. */
export function containerLogs(daemon: Daemon, name: string, options: LogOptions): LogStream {
  const container = daemon.containers.find(name);
  if (!options.stdout && !options.stderr)
    throw new EngineError("invalid", "You must choose at least one stream");
  const { Type } = container.hostConfig.LogConfig;
  if (Type !== "json-file")
    throw new EngineError("not-implemented", "configured logging driver does not support reading");
  const path = daemon.containerFiles.logPath(container.id);
  if (!daemon.sys.files.exists(path)) daemon.sys.files.append(path, ""); // it has not been started yet
  const reader = new JsonLogReader(daemon.sys, path);
  const follow = options.follow && hasProcess(container.state.status);
  const ended = follow ? daemon.live.of(container).nextExit() : Promise.resolve();
  const until = timeOf(options.until);
  return {
    tty: container.config.Tty,
    records: select(reader.read({ tail: parseTail(options.tail), follow }, ended), options, until, () =>
      reader.close(),
    ),
    close: () => reader.close(),
  };
}

async function* select(
  batches: AsyncGenerator<LogRecord[]>,
  options: LogOptions,
  until: Timestamp | null,
  finish: () => void,
): AsyncGenerator<LogRecord[]> {
  const since = timeOf(options.since);
  const plain = options.stdout && options.stderr && !since && !until && !options.timestamps;
  for await (const batch of batches) {
    if (plain) {
      yield batch;
      continue;
    }
    const chosen: LogRecord[] = [];
    for (const record of batch) {
      if (record.stream === "stdout" ? !options.stdout : !options.stderr) continue;
      const time = parseTimestamp(record.time);
      if (since && compareTimestamps(time, since) < 0) continue;
      if (until && compareTimestamps(time, until) > 0) {
        finish();
        continue;
      }
      const log = options.timestamps ? `${formatTimestampFixed(time)} ${record.log}` : record.log;
      chosen.push({ ...record, log });
    }
    yield chosen;
  }
}

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a command printed and how it ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Files below the namespace's own /etc, by path relative to it. */
export type EtcFiles = Readonly<Record<string, string>>;

/**
 * The guest's init as process 1 of pid and mount namespaces of this host, with its own /etc, /run and /var/log.
 * Needs root.
 */
export class InitNamespace {
  /** A folder of this host that the namespace sees as well. */
  readonly folder: string;
  readonly #unshare: ChildProcess;
  readonly #pid: number;

  private constructor(folder: string, unshare: ChildProcess, pid: number) {
    this.folder = folder;
    this.#unshare = unshare;
    this.#pid = pid;
  }

  /**
   * Starts init and waits until it answers. `scripts` are put into the folder, `etc` tells what /etc has, given the
   * folder, and `enabled` names the services that are started at boot.
   */
  static async start(
    init: string,
    scripts: Readonly<Record<string, readonly string[]>>,
    etc: (folder: string) => EtcFiles,
    enabled: readonly string[],
  ): Promise<InitNamespace> {
    const folder = await mkdtemp(join(tmpdir(), "init-test-"));
    await Promise.all(["init", "service", "systemctl"].map(name => symlink(init, join(folder, name))));
    await Promise.all(Object.entries(scripts).map(([name, lines]) => writeScript(join(folder, name), lines)));
    await writeScript(join(folder, "start"), startScript(folder));
    const wants = "systemd/system/multi-user.target.wants";
    const links = Object.fromEntries(enabled.map(name => [`${wants}/${name}.service`, ""]));
    await writeFiles(join(folder, "etc"), { ...etc(folder), ...links });

    const words = ["--pid", "--fork", "--mount", "--mount-proc", "--kill-child", join(folder, "start")];
    const unshare = spawn("unshare", words, { stdio: ["ignore", "ignore", "inherit"] });
    await once(unshare, "spawn");
    const guest = new InitNamespace(folder, unshare, await childOf(unshare.pid ?? 0));
    while ((await guest.service("--status-all")).status !== 0) {
      if (unshare.exitCode !== null) throw new Error(`init ended with ${unshare.exitCode}`);
    }
    return guest;
  }

  /** Runs a command inside. */
  run(command: string, ...words: string[]): Promise<Ended> {
    const argv = ["--target", String(this.#pid), "--mount", "--pid", "--", command, ...words];
    return new Promise((resolve, reject) => {
      execFile("nsenter", argv, (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") reject(error);
        else resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      });
    });
  }

  /** Runs `service` inside. */
  service(...words: string[]): Promise<Ended> {
    return this.run(join(this.folder, "service"), ...words);
  }

  /** Runs `systemctl` inside. */
  systemctl(...words: string[]): Promise<Ended> {
    return this.run(join(this.folder, "systemctl"), ...words);
  }

  /** The text of a file inside, or undefined. */
  async read(path: string): Promise<string | undefined> {
    const { status, stdout } = await this.run("cat", path);
    return status === 0 ? stdout : undefined;
  }

  /** Resolves when process 1 has ended. */
  async ended(): Promise<void> {
    if (this.#unshare.exitCode === null && this.#unshare.signalCode === null)
      await once(this.#unshare, "exit");
  }

  /** Ends everything inside, if it still runs, and removes the folder. */
  async dispose(): Promise<void> {
    if (this.#unshare.exitCode === null && this.#unshare.signalCode === null) {
      this.#unshare.kill("SIGKILL");
      await this.ended();
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

function startScript(folder: string): string[] {
  return [
    "set -e",
    "for path in /etc /run /var/log; do mount -t tmpfs tmpfs $path; done",
    `cp -R ${folder}/etc/. /etc/`,
    "mkdir -p /run/drydock",
    `drydock_stage=3 exec ${folder}/init`,
  ];
}

async function writeFiles(folder: string, files: EtcFiles): Promise<void> {
  await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }),
  );
}

function writeScript(path: string, lines: readonly string[]): Promise<void> {
  return writeFile(path, ["#!/bin/sh", ...lines, ""].join("\n"), { mode: 0o755 });
}

/** The first child of a process, as soon as it has one. */
async function childOf(pid: number): Promise<number> {
  for (;;) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    const first = Number(children.split(" ")[0]);
    if (first > 0) return first;
    await new Promise(resolve => setImmediate(resolve));
  }
}

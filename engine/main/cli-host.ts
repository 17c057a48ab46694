/** The resident command line: runs what launchers hand over (engine/native/launcher/docker.c). */
import { messageOf } from "../base/errors.ts";
import type { CommandLine } from "../cli/command-line.ts";
import { nativeSys, program } from "../sys/quickjs/sys.ts";
import type { Connection } from "../sys/streams.ts";
import type { Sys } from "../sys/sys.ts";
import { openCommandLine } from "./cli-shared.ts";
import { LauncherSession } from "./launcher-session.ts";
import { receiveMessage } from "./launcher-message.ts";

const DEFAULT_SOCKET = "/run/drydock/cli.sock";
/** Commands act with our rights, so only root may hand them over. */
const SOCKET_MODE = 0o600;
/** What a command ends with when it is we who failed (sysexits(3), EX_SOFTWARE). */
const OWN_FAULT = 70;

async function serve(commandLine: CommandLine, sys: Sys, control: Connection): Promise<void> {
  const message = await receiveMessage(control, { bytes: sys.bytes, program });
  if (!message) {
    control.close();
    return;
  }
  const session = new LauncherSession(control, message, { ...sys, program });
  void session.listen();
  try {
    await session.end(await commandLine.run(session));
  } catch (error) {
    report(error);
    await session.end(OWN_FAULT);
  }
}

function report(error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  program.writeError(`cli-host: ${messageOf(error)}\n${stack}`);
}

function main(): void {
  const sys = nativeSys();
  program.setName("cli-host");
  program.umask(0o022);
  program.onUnhandledRejection((_, reason) => report(reason));
  const path = program.arguments[0] ?? DEFAULT_SOCKET;
  sys.files.makeDirectories(path.slice(0, path.lastIndexOf("/")) || "/", 0o755);
  const commandLine = openCommandLine(sys);
  sys.sockets.listenUnix(path, SOCKET_MODE, control => {
    serve(commandLine, sys, control).catch(error => {
      report(error);
      control.close();
    });
  });
}

main();

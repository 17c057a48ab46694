import { EngineError } from "../../base/errors.ts";
import { cleanPath, parentPath } from "../../base/paths.ts";
import { exportContainer } from "../../client/container-files.ts";
import type { FileKind } from "../../sys/files.ts";
import type { Body } from "../../sys/http/reader.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { string } from "../flags/scalar-types.ts";
import { copyPlain } from "../io/copy-body.ts";
import { fileFault, userPath } from "../user-files.ts";

/** What can't be replaced by an archive, in Docker's words. */
const REFUSED: Readonly<Record<Exclude<FileKind, "file">, string>> = {
  directory: "directory",
  symlink: "symbolic link directly",
  fifo: "named pipe (FIFO)",
  socket: "socket",
  "char-device": "character device file",
  "block-device": "block device file",
};

/** A name beside the file's own, for as long as it is not complete. */
const UNFINISHED = ".tmp";

function outputFault(context: CommandContext, path: string): string | null {
  const { files } = context.sys;
  const directory = parentPath(cleanPath(path));
  const above = files.stat(userPath(context, directory), true);
  if (!above) return `invalid output path: stat ${directory}: no such file or directory`;
  if (above.kind !== "directory") return `invalid output path: stat ${directory}: not a directory`;
  const kind = files.stat(userPath(context, path))?.kind ?? "file";
  return kind === "file" ? null : `cannot write to a ${REFUSED[kind]}`;
}

/** Writes a body to a file, which appears once it is complete. */
async function save(context: CommandContext, path: string, body: Body): Promise<void> {
  const { files } = context.sys;
  const place = userPath(context, path);
  const unfinished = place + UNFINISHED;
  try {
    const file = files.openWrite(unfinished);
    try {
      for (let piece = await body.read(); piece; piece = await body.read()) file.write(piece);
    } finally {
      file.close();
    }
    files.rename(unfinished, place);
  } catch (error) {
    files.removeFile(unfinished);
    throw fileFault(error, path);
  }
}

const flags = () => ({
  output: { type: string(), short: "o", usage: "File to write to, instead of STDOUT" },
});

export const exportCommand = command<ReturnType<typeof flags>>({
  summary: "Write all files of a container to a tar archive",
  spellings: "docker container export, docker export",
  arity: exactly(1),
  flags,
  complete: containerNames(true),
  async run(context, { values: { output }, positionals: [name = ""] }) {
    if (output === "" && context.stdout.isTerminal) {
      throw new EngineError(
        "invalid",
        "cowardly refusing to save to a terminal. Use the -o flag or redirect",
      );
    }
    const fault = output === "" ? null : outputFault(context, output);
    if (fault !== null) throw new EngineError("invalid", `failed to export container: ${fault}`);
    const { body } = await exportContainer(context.client, name);
    if (output === "") await copyPlain(body, context);
    else await save(context, output, body);
  },
});

import type { ContainerPathStat } from "../../api/archive.ts";
import { EngineError } from "../../base/errors.ts";
import { baseName, cleanPath, meansContents } from "../../base/paths.ts";
import { containerPathStat, readArchive, writeArchive } from "../../client/container-files.ts";
import type { Packer } from "../../sys/bytes.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import type { CommandContext } from "../context.ts";
import { CopyProgress } from "../copy/copy-progress.ts";
import { type CopyTarget, planCopy, splitEntry } from "../copy/copy-plan.ts";
import { absolutePath, checkOutputPath, localSource, localTarget } from "../copy/local-files.ts";
import { bool } from "../flags/scalar-types.ts";
import { copyPlain } from "../io/copy-body.ts";

const PIECE = 64 * 1024;
/** Bits of Go's file modes (io/fs, FileMode), too high for JavaScript's operators. */
const GO_DIRECTORY = 2 ** 31;
const GO_SYMLINK = 2 ** 27;
const GO_DEVICE = 2 ** 26;

interface CopyRequest {
  readonly container: string;
  readonly source: string;
  readonly target: string;
  readonly followLink: boolean;
  readonly copyUidGid: boolean;
  readonly quiet: boolean;
}

function fail(message: string): never {
  throw new EngineError("invalid", message);
}

function hasBit({ mode }: ContainerPathStat, bit: number): boolean {
  return Math.floor(mode / bit) % 2 === 1;
}

/** "container:path", or a path of the user's own: those with a colon start with "/" or ".". */
function splitArgument(text: string): { container: string; path: string } {
  const colon = text.indexOf(":");
  const isOwn = colon < 0 || text.startsWith("/") || text.startsWith(".");
  return isOwn
    ? { container: "", path: text }
    : { container: text.slice(0, colon), path: text.slice(colon + 1) };
}

/** Where a link of a container leads. The daemon knows it as an absolute path. */
function linkTarget(path: string, { linkTarget: target }: ContainerPathStat): string {
  return target.startsWith("/") ? target : cleanPath(`${splitEntry(path).directory}/${target}`);
}

/** What is at a path of a container; null where nothing is, or the daemon can't tell. */
async function statOrNull(
  { client, sys }: CommandContext,
  container: string,
  path: string,
): Promise<ContainerPathStat | null> {
  try {
    return await containerPathStat(client, container, path, sys.bytes);
  } catch {
    return null; // what is wrong is told by the copy itself
  }
}

/** What to ask a container for, and what to call it: with `followLink` a link's target under the link's name. */
async function containerSource(
  context: CommandContext,
  { container, source, followLink }: CopyRequest,
): Promise<{ path: string; name: string }> {
  const name = meansContents(source) ? "." : baseName(source);
  const stat = followLink ? await statOrNull(context, container, source) : null;
  if (!stat || !hasBit(stat, GO_SYMLINK)) return { path: source, name };
  const path = linkTarget(source, stat);
  const ending = meansContents(source) ? "/." : source.endsWith("/") ? "/" : "";
  return { path: path + ending, name };
}

async function copyFromContainer(context: CommandContext, request: CopyRequest): Promise<void> {
  const { sys, session, client } = context;
  const isStdout = request.target === "-";
  const target = isStdout ? "-" : absolutePath(session.directory, request.target);
  if (!isStdout) checkOutputPath(sys.files, target);
  const source = await containerSource(context, request);
  const { stat, response } = await readArchive(client, request.container, source.path, sys.bytes);
  if (isStdout) return copyPlain(response.body, context);
  const progress = new CopyProgress(context, request.quiet);
  await progress.show("Copying from container - ", target, async () => {
    const isDirectory = hasBit(stat, GO_DIRECTORY);
    const plan = planCopy({ ...source, isDirectory }, localTarget(sys.files, target));
    const entry = splitEntry(source.path).name;
    const unpacker = sys.bytes.createUnpacker("/", {
      whiteouts: false,
      digests: false,
      below: plan.directory,
      keepKinds: true,
      owner: "us",
      ...(entry === plan.name ? {} : { rename: { from: entry === "/" ? "" : entry, to: plan.name } }),
    });
    for (let piece = await response.body.read(); piece; piece = await response.body.read()) {
      progress.add(piece.length);
      unpacker.write(piece);
    }
    unpacker.end();
  });
}

async function containerTarget(
  context: CommandContext,
  { container, target }: CopyRequest,
): Promise<CopyTarget> {
  let path = target;
  let stat = await statOrNull(context, container, path);
  if (stat && hasBit(stat, GO_SYMLINK)) {
    path = linkTarget(path, stat);
    stat = await statOrNull(context, container, path);
  }
  if (!stat) return { path, kind: "absent" };
  if (hasBit(stat, GO_DEVICE))
    fail(`destination "${container}:${target}" must be a directory or a regular file: got a device`);
  return { path, kind: hasBit(stat, GO_DIRECTORY) ? "directory" : "other" };
}

async function* packed(packer: Packer, progress: CopyProgress): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(PIECE);
  for (let length = packer.read(buffer); length > 0; length = packer.read(buffer)) {
    progress.add(length);
    yield buffer.subarray(0, length);
  }
}

async function* standardInput({ session }: CommandContext): AsyncGenerator<Uint8Array> {
  const connection = session.stdin.connection();
  const buffer = new Uint8Array(PIECE);
  for (let length = await connection.read(buffer); length > 0; length = await connection.read(buffer))
    yield buffer.subarray(0, length);
}

async function copyToContainer(context: CommandContext, request: CopyRequest): Promise<void> {
  const { container, copyUidGid } = request;
  const { sys, session, client } = context;
  const target = await containerTarget(context, request);
  const progress = new CopyProgress(context, request.quiet);
  const send = (directory: string, content: AsyncIterable<Uint8Array>): Promise<void> =>
    progress.show("Copying to container - ", `${container}:${target.path}`, () =>
      writeArchive(client, container, directory, content, { copyUidGid }),
    );
  if (request.source === "-") {
    if (target.kind !== "directory") fail(`destination "${container}:${request.target}" must be a directory`);
    return send(target.path, standardInput(context));
  }
  const path = absolutePath(session.directory, request.source);
  const source = localSource(sys.files, path, request.followLink);
  const plan = planCopy(source, target);
  const { directory, name } = splitEntry(source.path);
  const packer = sys.bytes.createPacker(directory, {
    whiteouts: false,
    name: name === "/" ? "." : name,
    rename: plan.name === "/" ? "." : plan.name,
  });
  await send(plan.directory, packed(packer, progress));
}

const flags = () => ({
  archive: { type: bool(), short: "a", usage: "Give the files to the user that the container runs as" },
  "follow-link": { type: bool(), short: "L", usage: "Copy what a link leads to" },
  quiet: { type: bool(), short: "q", usage: "Don't show how it goes, as where STDOUT is no terminal" },
});

export const cpCommand = command<ReturnType<typeof flags>>({
  summary: "Copy files into a container, or out of one",
  spellings: "docker container cp, docker cp",
  arity: exactly(2),
  flags,
  async run(context, { values, given, positionals: [from = "", to = ""] }) {
    if (from === "") fail("source can not be empty");
    if (to === "") fail("destination can not be empty");
    const source = splitArgument(from);
    const target = splitArgument(to);
    if (source.container !== "" && target.container !== "")
      fail("copying between containers is not supported");
    if (source.container === "" && target.container === "")
      fail("must specify at least one container source");
    const request = {
      container: source.container || target.container,
      source: source.path,
      target: target.path,
      followLink: values["follow-link"],
      copyUidGid: values.archive,
      quiet: given.has("quiet") ? values.quiet : !context.stdout.isTerminal,
    };
    await (source.container === "" ? copyToContainer(context, request) : copyFromContainer(context, request));
  },
});

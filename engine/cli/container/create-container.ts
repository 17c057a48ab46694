/** Makes a container, and fetches its image first where that is not here. */
import type { ContainerCreateRequest } from "../../api/container.ts";
import { EngineError, kindOf } from "../../base/errors.ts";
import { quote } from "../../base/quote.ts";
import { familiarString, parseImageArgument, type Reference, withDefaultTag } from "../../base/reference.ts";
import { createContainer as requestContainer } from "../../client/containers.ts";
import type { CommandContext } from "../context.ts";
import { platformOf, pullWithProgress } from "../image/pull.ts";
import { fileFault, userPath } from "../user-files.ts";

/** What is asked for beside the container's own configuration. */
export interface CreationOptions {
  readonly name: string;
  readonly platform: string;
  readonly pull: string;
  readonly quiet: boolean;
  /** Empty for none. */
  readonly cidfile: string;
}

const CIDFILE_MODE = 0o644;
const LOOPBACK = /^(?:127\.|::1$)/;

/** Throws "invalid" where `--pull` is none of the three. */
export function checkPullOption(pull: string): void {
  if (["always", "missing", "never", ""].includes(pull)) return;
  throw new EngineError(
    "invalid",
    `invalid pull option: '${pull}': must be one of "always", "missing" or "never"`,
  );
}

/** Returns the new container's id. What the daemon warns of goes to stderr. */
export async function createContainer(
  context: CommandContext,
  request: ContainerCreateRequest,
  options: CreationOptions,
): Promise<string> {
  const idFile = options.cidfile === "" ? null : new IdFile(context, options.cidfile);
  try {
    const id = await create(context, withTerminalSize(context, request), options);
    idFile?.write(id);
    return id;
  } finally {
    idFile?.close();
  }
}

function withTerminalSize(context: CommandContext, request: ContainerCreateRequest): ContainerCreateRequest {
  const size = context.stdout.size();
  if (!size) return request;
  return { ...request, HostConfig: { ...request.HostConfig, ConsoleSize: [size.rows, size.columns] } };
}

async function create(
  context: CommandContext,
  request: ContainerCreateRequest,
  options: CreationOptions,
): Promise<string> {
  const image = imageReference(request.Image ?? "");
  const platform = platformOf(context, options.platform);
  const attempt = () => requestContainer(context.client, { name: options.name, platform, body: request });
  const pull = (reference: Reference) =>
    pullWithProgress(context, reference, platform, options.quiet ? null : context.stderr);
  if (options.pull === "always" && image) await pull(image);
  let created: Awaited<ReturnType<typeof attempt>>;
  try {
    created = await attempt();
  } catch (error) {
    if (kindOf(error) !== "not-found" || !image || options.pull !== "missing") throw error;
    if (!options.quiet) void context.stderr.line(`Unable to find image '${familiarString(image)}' locally`);
    await pull(image);
    created = await attempt();
  }
  for (const warning of [...(created.Warnings ?? []), ...serverWarnings(request)]) {
    void context.stderr.line(`WARNING: ${warning}`);
  }
  return created.Id;
}

/** The image's name with its tag; null where it is an id. */
function imageReference(name: string): Reference | null {
  const argument = parseImageArgument(name);
  return argument.kind === "name" ? withDefaultTag(argument.reference) : null;
}

/** A name server on the loopback interface is the host's, which a container can't reach. */
function serverWarnings({ HostConfig: config }: ContainerCreateRequest): string[] {
  const local = (config?.Dns ?? []).find(server => LOOPBACK.test(server));
  return local === undefined ? [] : [`Localhost DNS (${local}) may fail in containers.`];
}

/** `--cidfile`: made before the container, so that a place that can't be written to costs none. */
class IdFile {
  readonly #context: CommandContext;
  readonly #path: string;
  #isWritten = false;

  constructor(context: CommandContext, path: string) {
    this.#context = context;
    this.#path = path;
    if (context.sys.files.exists(userPath(context, path))) {
      const hint = `make sure the other container isn't running or delete ${path}`;
      throw new EngineError("conflict", `container ID file found, ${hint}`);
    }
    this.#put("", "failed to create the container ID file");
  }

  write(id: string): void {
    this.#put(id, "failed to write the container ID to the file");
    this.#isWritten = true;
  }

  close(): void {
    if (!this.#isWritten) this.#context.sys.files.removeFile(userPath(this.#context, this.#path));
  }

  #put(text: string, what: string): void {
    try {
      this.#context.sys.files.writeAtomic(userPath(this.#context, this.#path), text, CIDFILE_MODE);
    } catch (error) {
      const cause = fileFault(error, this.#path);
      const reason =
        cause instanceof Error ? cause.message.replace(`${this.#path}.tmp`, this.#path) : quote("");
      throw new EngineError("invalid", `${what}: ${reason}`, { cause });
    }
  }
}

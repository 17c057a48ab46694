import type { SystemInfo } from "../../api/system.ts";
import { EngineError, messageOf } from "../../base/errors.ts";
import type { Template } from "../../base/template/template.ts";
import { ConnectionError } from "../../client/errors.ts";
import { systemInfo } from "../../client/system.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import type { CommandContext } from "../context.ts";
import { string } from "../flags/scalar-types.ts";
import { INSPECT_FORMAT_HELP } from "../format/help-texts.ts";
import { parseFormat } from "../format/print-template.ts";
import { clientInfo } from "./client-info.ts";
import { serverInfoText } from "./server-info-text.ts";
import { systemTypes } from "./system-types.ts";

/** Whether a template can do without the daemon: it names only what the client itself knows. */
function needsServer(format: string, template: Template, client: object): boolean {
  if (format === "json" || !/\.[a-zA-Z]/.test(format) || /^\{\{ *json +\. *\}\}$/.test(format)) return true;
  try {
    template.execute(systemTypes.value("sparseInfo", { ClientInfo: client }));
    return false;
  } catch {
    return true;
  }
}

async function printFormatted(context: CommandContext, format: string, client: object): Promise<void> {
  const template = parseFormat(format, "template parsing error");
  let server: SystemInfo | null = null;
  let failure: unknown = null;
  if (needsServer(format, template, client)) {
    try {
      server = await systemInfo(context.client);
    } catch (error) {
      failure = error;
    }
  }
  let text = "";
  try {
    text = template.execute(systemTypes.value("system.dockerInfo", { ...server, ClientInfo: client }));
  } catch (error) {
    failure ??= error;
  }
  context.insistOnOutput();
  await context.stdout.line(text);
  if (failure) throw failure;
}

async function printPlain(
  context: CommandContext,
  client: { Version: string; Context: string },
): Promise<void> {
  const { stdout, stderr, options } = context;
  const head =
    `Client:\n Version:    ${client.Version}\n Context:    ${client.Context}\n Debug Mode: ${options.debug}\n` +
    "\nServer:\n";
  try {
    const server = await systemInfo(context.client);
    await stdout.write(`${head}${serverInfoText(server, options.debug)}\n`);
    for (const warning of server.Warnings ?? []) void stderr.line(warning);
  } catch (error) {
    await stdout.write(head);
    if (error instanceof ConnectionError) throw error;
    void stderr.line(`ERROR: ${messageOf(error)}`);
    throw new EngineError("system", "errors pretty printing info", { cause: error });
  }
}

const flags = () => ({ format: { type: string(), short: "f", usage: INSPECT_FORMAT_HELP } });

export const infoCommand = command<ReturnType<typeof flags>>({
  summary: "Show what the daemon is and has",
  spellings: "docker system info, docker info",
  arity: noArguments,
  flags,
  complete: noCandidates,
  run(context, { values: { format } }) {
    const client = { ...clientInfo(context, ""), Debug: context.options.debug, Plugins: [] };
    return format === "" ? printPlain(context, client) : printFormatted(context, format, client);
  },
});

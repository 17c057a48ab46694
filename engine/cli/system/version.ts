import type { SystemVersion } from "../../api/system.ts";
import { parseTimestamp } from "../../base/timestamp.ts";
import { systemVersion } from "../../client/system.ts";
import { noArguments } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates } from "../completion/completers.ts";
import { string } from "../flags/scalar-types.ts";
import { INSPECT_FORMAT_HELP } from "../format/help-texts.ts";
import { parseFormat } from "../format/print-template.ts";
import { alignColumns, versionLayout } from "../table.ts";
import { clientInfo } from "./client-info.ts";
import { systemTypes } from "./system-types.ts";

type Client = ReturnType<typeof clientInfo>;

/** A build's time as asctime(3) writes it; what is no timestamp stays as it is. */
function shownDate(text: string): string {
  try {
    const date = new Date(parseTimestamp(text).seconds * 1000).toUTCString(); // "Fri, 30 May 2025 12:07:14 GMT"
    return date.replace(
      /^(\w+), (\d+) (\w+) (\d+) (\S+) GMT$/,
      (_, weekday, day: string, month, year, time) => {
        return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
      },
    );
  } catch {
    return text;
  }
}

function clientText(client: Client): string {
  const { ApiVersion: api, DefaultAPIVersion: newest } = client;
  const downgraded = api === newest ? "" : ` (downgraded from ${newest})`;
  return [
    "Client:",
    ` Version:\t${client.Version}`,
    ` API version:\t${api}${downgraded}`,
    ` Go version:\t${client.GoVersion}`,
    ` Git commit:\t${client.GitCommit}`,
    ` Built:\t${client.BuildTime}`,
    ` OS/Arch:\t${client.Os}/${client.Arch}`,
    ` Context:\t${client.Context}`,
  ].join("\n");
}

function componentText({
  Name: name,
  Version: version,
  Details,
}: SystemVersion["Components"][number]): string {
  const details = Details ?? {};
  const detail = (key: string): string => details[key] ?? "";
  const lines =
    name === "Engine"
      ? [
          `API version:\t${detail("ApiVersion")} (minimum version ${detail("MinAPIVersion")})`,
          `Go version:\t${detail("GoVersion")}`,
          `Git commit:\t${detail("GitCommit")}`,
          `Built:\t${shownDate(detail("BuildTime"))}`,
          `OS/Arch:\t${detail("Os")}/${detail("Arch")}`,
          `Experimental:\t${detail("Experimental")}`,
        ]
      : Object.keys(details)
          .toSorted()
          .map(key => `${key}:\t${detail(key)}`);
  return [` ${name}:`, `  Version:\t${version}`, ...lines.map(line => `  ${line}`)].join("\n");
}

function serverText({ Platform: platform, Components: components }: SystemVersion): string {
  const title = platform?.Name ? `Server: ${platform.Name}` : "Server:";
  return ["\n", title, ...(components ?? []).map(component => `\n${componentText(component)}`)].join("");
}

const flags = () => ({ format: { type: string(), short: "f", usage: INSPECT_FORMAT_HELP } });

export const versionCommand = command<ReturnType<typeof flags>>({
  summary: "Show the versions of client and daemon",
  arity: noArguments,
  flags,
  complete: noCandidates,
  async run(context, { values: { format } }) {
    const template = format === "" ? null : parseFormat(format, "template parsing error", "version");
    const client = clientInfo(context, await context.client.version());
    let server: SystemVersion | null = null;
    let failure: unknown = null;
    try {
      server = await systemVersion(context.client);
    } catch (error) {
      failure = error;
    }
    let text: string;
    if (template) {
      try {
        text = template.execute(systemTypes.value("system.versionInfo", { Client: client, Server: server }));
      } catch (error) {
        text = "";
        failure ??= error;
      }
    } else text = clientText(client) + (server ? `\n${serverText(server)}` : "");
    if (!template) context.insistOnOutput();
    await context.stdout.write(`${alignColumns(text, versionLayout)}\n`);
    if (failure) throw failure;
  },
});

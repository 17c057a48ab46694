/** The options before the command's name, and which daemon they choose. */
import { EngineError } from "../base/errors.ts";
import { defaultEndpoint, type Endpoint, parseEndpoint } from "../client/endpoint.ts";
import type { Files } from "../sys/files.ts";
import { list } from "./flags/collection-types.ts";
import type { FlagTable, FlagValues } from "./flags/flag.ts";
import { bool, string } from "./flags/scalar-types.ts";
import type { Session } from "./session.ts";

export interface GlobalOptions {
  readonly hosts: readonly string[];
  readonly configDirectory: string;
  readonly debug: boolean;
  readonly tls: boolean;
  /** Where the certificates of TLS lie. */
  readonly certificates: { readonly ca: string; readonly cert: string; readonly key: string };
}

const LEVELS: ReadonlySet<string> = new Set([
  "panic",
  "fatal",
  "error",
  "warn",
  "warning",
  "info",
  "debug",
  "trace",
]);

/** Where the user's settings are unless an option says otherwise. */
export function configDirectory(session: Session): string {
  return session.env("DOCKER_CONFIG") || `${session.env("HOME") || "/root"}/.docker`;
}

function certificateDirectory(session: Session): string {
  return session.env("DOCKER_CERT_PATH") || configDirectory(session);
}

/** The options of bare `docker`. Their defaults depend on the environment. */
export function globalFlags(session: Session) {
  const certificates = certificateDirectory(session);
  return {
    config: { type: string(configDirectory(session)), usage: "Directory of the client's settings" },
    debug: { type: bool(), short: "D", usage: "Tell more about what goes on" },
    host: { type: list(), short: "H", usage: "Daemon to talk to" },
    "log-level": {
      type: string("info"),
      short: "l",
      usage: 'How much to log ("debug", "info", "warn", "error", "fatal")',
    },
    tls: { type: bool(), usage: "Talk to the daemon over TLS; implied by --tlsverify" },
    tlscacert: { type: string(`${certificates}/ca.pem`), usage: "Trust only certificates signed by this CA" },
    tlscert: { type: string(`${certificates}/cert.pem`), usage: "File of the TLS certificate" },
    tlskey: { type: string(`${certificates}/key.pem`), usage: "File of the TLS key" },
    tlsverify: { type: bool(), usage: "Talk over TLS, and verify the daemon" },
    version: { type: bool(), short: "v", usage: "Show the version and stop" },
  } satisfies FlagTable;
}

/** What holds without any options. */
export function defaultOptions(session: Session): GlobalOptions {
  const directory = certificateDirectory(session);
  return {
    hosts: [],
    configDirectory: configDirectory(session),
    debug: false,
    tls: Boolean(session.env("DOCKER_TLS") || session.env("DOCKER_TLS_VERIFY")),
    certificates: { ca: `${directory}/ca.pem`, cert: `${directory}/cert.pem`, key: `${directory}/key.pem` },
  };
}

/** What the options' values mean. Throws "invalid" on a log level that does not exist. */
export function optionsFrom(
  values: FlagValues<ReturnType<typeof globalFlags>>,
  given: ReadonlySet<string>,
  session: Session,
): GlobalOptions {
  const level = values["log-level"];
  if (!LEVELS.has(level.toLowerCase()))
    throw new EngineError("invalid", `Unable to parse logging level: ${level}`);
  return {
    hosts: values.host,
    configDirectory: values.config,
    debug: values.debug,
    tls: values.tls || given.has("tlsverify") || defaultOptions(session).tls,
    certificates: { ca: values.tlscacert, cert: values.tlscert, key: values.tlskey },
  };
}

/** The daemon that `--host`, or else `DOCKER_HOST`, names. Throws what Docker's client tells of a bad one. */
export function resolveEndpoint(options: GlobalOptions, session: Session, files: Files): Endpoint {
  try {
    if (options.hosts.length > 1) throw new EngineError("invalid", "Specify only one -H");
    if (options.tls) checkCertificates(options, files);
    const host = options.hosts[0] ?? session.env("DOCKER_HOST") ?? "";
    return host === "" ? defaultEndpoint : parseEndpoint(host);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const message = `Failed to initialize: unable to resolve docker endpoint: ${error.message}`;
    throw new EngineError(error.kind, message, { cause: error });
  }
}

/** We have no TLS. Without certificates Docker's client does not get further either. */
function checkCertificates({ certificates: { ca, cert, key } }: GlobalOptions, files: Files): never {
  const missing = [ca, cert, key].find(path => !files.exists(path));
  if (missing !== undefined) throw new EngineError("invalid", `open ${missing}: no such file or directory`);
  throw new EngineError("not-implemented", "TLS connections are not supported");
}

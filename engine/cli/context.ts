import { messageOf } from "../base/errors.ts";
import { Scope } from "../base/scope.ts";
import type { ApiVersions } from "../client/api-versions.ts";
import { EngineClient, type ClientSystem } from "../client/engine-client.ts";
import { isSysError } from "../sys/files.ts";
import type { Clock } from "../sys/clock.ts";
import type { Relays } from "../sys/streams.ts";
import { type ClientConfig, readClientConfig } from "./client-config.ts";
import { type GlobalOptions, resolveEndpoint } from "./global-options.ts";
import { TextOutput } from "./io/output.ts";
import type { Session } from "./session.ts";
import { StatusError } from "./status-error.ts";
import type { TemplateCache } from "./format/template-cache.ts";

/** What commands need of the system. */
export interface CliSystem extends ClientSystem {
  readonly clock: Clock;
  readonly relays: Relays;
  /** uname(2)'s name of the machine: "i686". */
  readonly architecture: string;
}

/** What commands of one program share: nothing that one of them could change for another. */
export interface Shared {
  readonly sys: CliSystem;
  readonly versions: ApiVersions;
  readonly templates: TemplateCache;
}

const SIGHUP = 1;
const SIGPIPE = 13;
/** What a shell makes of a program that a signal has ended. */
const SIGNAL_STATUS = 128;

/** Everything that one run of a command has. */
export class CommandContext {
  readonly session: Session;
  readonly sys: CliSystem;
  readonly templates: TemplateCache;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Connections, relays and timers of the command. */
  readonly scope = new Scope();
  /** Rejects when the command is to end at once, with the status that it ends with. */
  readonly interruption: Promise<never>;
  #interrupt: (error: StatusError) => void = () => {};
  #onSignal: (signal: number) => void;
  #mustWrite = false;
  readonly #versions: ApiVersions;
  #options: GlobalOptions;
  #client: EngineClient | null = null;
  #config: ClientConfig | null = null;

  constructor({ sys, versions, templates }: Shared, session: Session, options: GlobalOptions) {
    this.session = session;
    this.sys = sys;
    this.templates = templates;
    this.#options = options;
    this.#versions = versions;
    this.interruption = new Promise((_, reject) => {
      this.#interrupt = reject;
    });
    this.interruption.catch(() => {}); // it may come when nobody listens any more
    this.stdout = new TextOutput(session.stdout, session, error => this.#onBroken("stdout", error));
    this.stderr = new TextOutput(session.stderr, session, error => this.#onBroken("stderr", error));
    this.#onSignal = signal => this.interrupt(new StatusError(SIGNAL_STATUS + signal));
    session.onSignal(signal => this.#onSignal(signal));
    session.onHangUp(() => this.interrupt(new StatusError(SIGNAL_STATUS + SIGHUP)));
  }

  /** What was said before the command's name. */
  get options(): GlobalOptions {
    return this.#options;
  }

  /** To be called before anything depends on them. */
  useOptions(options: GlobalOptions): void {
    this.#options = options;
  }

  /** The daemon. Throws where the options name none that can be spoken to. */
  get client(): EngineClient {
    this.#client ??= new EngineClient(this.sys, {
      endpoint: resolveEndpoint(this.options, this.session, this.sys.files),
      versions: this.#versions,
      fixedVersion: this.session.env("DOCKER_API_VERSION") || undefined,
      scope: this.scope,
    });
    return this.#client;
  }

  /** The user's own settings. At the first call it warns where they are broken. */
  get config(): ClientConfig {
    this.#config ??= this.#readConfig();
    return this.#config;
  }

  /** From now on SIGINT and SIGTERM come here instead of ending the command. */
  handleSignals(listener: (signal: number) => void): void {
    this.#onSignal = listener;
  }

  /**
   * From now on the command fails where its output can't be written, as on a full disk. Most of Docker's commands do
   * not mind.
   */
  insistOnOutput(): void {
    this.#mustWrite = true;
  }

  /** Ends the command, whatever it waits for. */
  interrupt(error: StatusError): void {
    this.#interrupt(error);
    this.scope.end();
  }

  #readConfig(): ClientConfig {
    const { session, sys, options } = this;
    return readClientConfig(options.configDirectory, { session, files: sys.files }, warning => {
      void this.stderr.line(warning);
    });
  }

  #onBroken(stream: string, error: unknown): void {
    if (this.scope.ended) return;
    // A program whose reader has gone dies of SIGPIPE without a word.
    if (isSysError(error, "EPIPE", "ECONNRESET")) this.interrupt(new StatusError(SIGNAL_STATUS + SIGPIPE));
    else if (this.#mustWrite)
      this.interrupt(new StatusError(1, `write /dev/${stream}: ${reasonOf(error)}`, { cause: error }));
  }
}

/** The kernel's words without the call before them. */
function reasonOf(error: unknown): string {
  return messageOf(error).replace(/^\w+: /, "");
}

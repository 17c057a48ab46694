import { BytePipe } from "../../protocol/byte-pipe.ts";
import { concat } from "../../protocol/frame-parser.ts";
import { LinkError } from "../../protocol/link-error.ts";
import type { GuestOpen } from "../../protocol/open-request.ts";
import type { GuestStream } from "../../protocol/stream.ts";
import { answerDns } from "./dns.ts";
import { HttpConnection } from "./http-connection.ts";
import { sandboxHosts } from "./hosts.ts";
import type { FileSource, Site } from "./site.ts";

/** The guest's own address on its dummy device, where the agent listens: every host that exists is there. */
export const SANDBOX_ADDRESS = "198.18.0.1";

/** What the guest finds outside: a DNS, and the hosts that it knows. Nothing leaves the page but file reads. */
export class SandboxInternet {
  readonly #sites: ReadonlyMap<string, Site>;

  /** `hub` has the registry's files. */
  constructor(hub: FileSource) {
    this.#sites = sandboxHosts(hub);
  }

  /** Serves a stream that the guest has opened: see the agent's listeners. */
  serve(open: GuestOpen, stream: GuestStream): void {
    const serving = this.#serving(open, stream);
    if (!serving) {
      stream.reset(new LinkError("ECONNREFUSED", `nobody serves ${open.kind} ${open.listener}`));
      return;
    }
    serving.catch((error: unknown) => stream.reset(new LinkError("EIO", String(error))));
  }

  #serving(open: GuestOpen, stream: GuestStream): Promise<void> | undefined {
    if (open.kind === "datagram" && open.listener === "dns") return this.#answerDns(new BytePipe(stream));
    if (open.kind === "accept" && open.listener === "http")
      return new HttpConnection(new BytePipe(stream), host => this.#sites.get(host)).serve();
    return undefined;
  }

  async #answerDns(pipe: BytePipe): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const { bytes } of pipe) pieces.push(bytes);
    const answer = answerDns(concat(pieces), name => (this.#sites.has(name) ? SANDBOX_ADDRESS : undefined));
    if (answer) await pipe.write(answer);
    pipe.end();
  }
}

import { messageOf } from "../base/errors.ts";
import type { Bytes } from "../sys/bytes.ts";
import type { Listener, Sockets } from "../sys/streams.ts";
import {
  answerAddresses,
  answerCode,
  answerName,
  parseQuestion,
  type Question,
  RecordType,
  ResponseCode,
  reversedAddress,
} from "./dns-message.ts";

/** Where the engine answers queries of containers. */
export const NAME_SERVER = "127.0.0.11";

const PORT = 53;
const TIMEOUT_MS = 4000;

/** The names that one container can look up, besides those of the world. */
export interface ContainerNames {
  /** The addresses of another container; null where no container has the name. */
  addresses(name: string, family: 4 | 6): readonly string[] | null;
  /** The name of an address; null where no container has it. */
  nameOf(address: string): string | null;
  /** Addresses of the servers that know the world, in the order of asking. */
  servers(): readonly string[];
}

/**
 * The embedded name server: a socket in the network namespace of each container that is in a network with names. Docker
 * takes a port at random there and has rules of the packet filter lead to it; we have port 53 of the address itself,
 * which needs neither.
 */
export class NameServers {
  readonly #sockets: Sockets;
  readonly #bytes: Bytes;
  readonly #warn: (problem: string) => void;
  readonly #listeners = new Map<string, Listener>();
  /** How many answers have been given, so that each begins with another of several addresses. */
  #turn = 0;

  constructor(sys: { sockets: Sockets; bytes: Bytes }, warn: (problem: string) => void) {
    this.#sockets = sys.sockets;
    this.#bytes = sys.bytes;
    this.#warn = warn;
  }

  /** Serves a container whose network namespace is at a path; one that is served already is fine. */
  start(containerId: string, sandbox: string, names: ContainerNames): void {
    if (this.#listeners.has(containerId)) return;
    const place = { namespace: sandbox, address: NAME_SERVER, port: PORT };
    const listener = this.#sockets.listenUdp(place, (query, reply) => {
      this.#answer(query, names)
        .then(answer => {
          if (answer) reply(answer);
        })
        .catch(error => this.#warn(`a query of container ${containerId}: ${messageOf(error)}`));
    });
    this.#listeners.set(containerId, listener);
  }

  /** One that is not served is fine. */
  stop(containerId: string): void {
    this.#listeners.get(containerId)?.dispose();
    this.#listeners.delete(containerId);
  }

  async #answer(query: Uint8Array, names: ContainerNames): Promise<Uint8Array | null> {
    const question = parseQuestion(query, this.#bytes);
    if (!question) return null;
    const known = this.#fromContainers(query, question, names);
    if (known) return known;
    for (const server of names.servers()) {
      const answer = await this.#sockets.exchangeUdp(server, PORT, query, TIMEOUT_MS);
      if (answer) return answer;
    }
    return answerCode(query, question, ResponseCode.serverFailure);
  }

  #fromContainers(query: Uint8Array, question: Question, names: ContainerNames): Uint8Array | null {
    const { name, type } = question;
    if (type === RecordType.A || type === RecordType.AAAA) {
      const addresses = names.addresses(name, type === RecordType.A ? 4 : 6);
      return addresses && answerAddresses(query, question, this.#rotated(addresses));
    }
    if (type !== RecordType.PTR) return null;
    const address = reversedAddress(name);
    const host = address === null ? null : names.nameOf(address);
    return host === null ? null : answerName(query, question, host, this.#bytes);
  }

  #rotated(addresses: readonly string[]): readonly string[] {
    if (addresses.length < 2) return addresses;
    const first = this.#turn++ % addresses.length;
    return [...addresses.slice(first), ...addresses.slice(0, first)];
  }
}

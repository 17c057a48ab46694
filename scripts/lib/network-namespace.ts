import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The first two bytes of the addresses that namespaces are reached at. */
const NETWORK = "10.213";

async function ip(line: string): Promise<void> {
  await run("ip", line.split(" "));
}

/**
 * A network of its own for programs on this computer: what they do to interfaces, addresses and packet filter rules
 * touches nobody else's. A pair of interfaces joins it to the computer's own network.
 */
export class NetworkNamespace {
  readonly name: string;
  /** Where programs in it reach this computer. */
  readonly hostAddress: string;
  /** Where this computer reaches them. */
  readonly address: string;

  private constructor(name: string, third: number, base: number) {
    this.name = name;
    this.hostAddress = `${NETWORK}.${third}.${base + 1}`;
    this.address = `${NETWORK}.${third}.${base + 2}`;
  }

  /** Needs root, and iproute2. */
  static async create(): Promise<NetworkNamespace> {
    const random = randomBytes(4);
    const [third = 0, last = 0] = random;
    const namespace = new NetworkNamespace(`ddt${random.toString("hex")}`, third, last & ~3);
    const { name, hostAddress, address } = namespace;
    await ip(`netns add ${name}`);
    await ip(`link add ${name} type veth peer name up0 netns ${name}`);
    await ip(`addr add ${hostAddress}/30 dev ${name}`);
    await ip(`link set ${name} up`);
    await ip(`-n ${name} link set lo up`);
    await ip(`-n ${name} addr add ${address}/30 dev up0`);
    await ip(`-n ${name} link set up0 up`);
    await ip(`-n ${name} route add default via ${hostAddress}`);
    return namespace;
  }

  /** The words to put before a command so that it runs in here. */
  get entry(): readonly string[] {
    return ["nsenter", `--net=/run/netns/${this.name}`];
  }

  /** Programs that run in it must have ended. */
  async remove(): Promise<void> {
    await ip(`link del ${this.name}`);
    await ip(`netns del ${this.name}`);
  }
}

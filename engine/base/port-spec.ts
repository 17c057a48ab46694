/**
 * Port specifications: `-p` and `--expose` of the command line and EXPOSE of a Dockerfile, after
 * github.com/docker/go-connections/nat. A port is written `80/tcp`, a range `80-90/tcp`.
 */
import { EngineError } from "./errors.ts";
import { isIpAddress } from "./ip-address.ts";
import { parseUnsigned } from "./numbers.ts";

/** Where a container's port appears on the host; an empty address means all, an empty port means any. */
export interface PortBinding {
  readonly hostIp: string;
  /** One port, or a range to pick a free one from. */
  readonly hostPort: string;
}

/** One published port: the container's (`80/tcp`) and the host's. */
export interface PortMapping {
  readonly port: string;
  readonly binding: PortBinding;
}

/** First and last port of a range, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const protocols: ReadonlySet<string> = new Set(["tcp", "udp", "sctp"]);

/** A single port number; an empty text counts as 0. */
export function parsePort(text: string): number {
  return text === "" ? 0 : parseUnsigned(text, 10, 16);
}

/** A port number or a range of them, `8000-9000`. */
export function parsePortRange(text: string): PortRange {
  if (text === "") throw new EngineError("invalid", "empty string specified for ports");
  const [firstText = "", lastText = firstText] = text.split("-", 2);
  const first = parseUnsigned(firstText, 10, 16);
  const last = parseUnsigned(lastText, 10, 16);
  if (last < first) throw new EngineError("invalid", `invalid range specified for port: ${text}`);
  return { first, last };
}

/** Splits `80-90/udp` without checking either part; the protocol is `tcp` by default, both empty without a port. */
export function splitPort(text: string): { port: string; protocol: string } {
  const [port = "", protocol = ""] = text.split("/", 2);
  if (port === "") return { port: "", protocol: "" };
  return { port, protocol: protocol === "" ? "tcp" : protocol };
}

/** `port` (a number or range) and `protocol` in the form that Docker's API uses as a key. */
export function formatPort(protocol: string, port: string): string {
  const { first, last } = port === "" ? { first: 0, last: 0 } : parsePortRange(port);
  return first === last ? `${first}/${protocol}` : `${first}-${last}/${protocol}`;
}

/**
 * Reads one `-p` value, `[[ip:][host]:]container[/protocol]`. A range of container ports gives a mapping
 * each; a range of host ports for a single container port stays a range.
 */
export function parsePortSpec(spec: string): PortMapping[] {
  const { address, hostPort, containerPort: rawPort } = splitSpec(spec);
  const { port: containerPort, protocol: rawProtocol } = splitPort(rawPort);
  const hostIp = parseHostAddress(address);
  if (containerPort === "") throw new EngineError("invalid", `no port specified: ${spec}<empty>`);
  const container = rangeOr(containerPort, `invalid containerPort: ${containerPort}`);
  const host = hostPort === "" ? undefined : rangeOr(hostPort, `invalid hostPort: ${hostPort}`);
  const count = container.last - container.first + 1;
  if (host !== undefined && count > 1 && host.last - host.first + 1 !== count) {
    const ranges = `${containerPort} and ${hostPort}`;
    throw new EngineError("invalid", `invalid ranges specified for container and host Ports: ${ranges}`);
  }
  const protocol = rawProtocol.toLowerCase();
  if (!protocols.has(protocol)) throw new EngineError("invalid", `invalid proto: ${rawProtocol}`);
  return Array.from({ length: count }, (_, index) => ({
    port: `${container.first + index}/${protocol}`,
    binding: { hostIp, hostPort: host === undefined ? "" : hostPortAt(host, index, count) },
  }));
}

/** Reads many `-p` values: the exposed ports and, for each, its bindings in the order given. */
export function parsePortSpecs(specs: readonly string[]): Map<string, PortBinding[]> {
  const bindings = new Map<string, PortBinding[]>();
  for (const { port, binding } of specs.flatMap(parsePortSpec)) {
    const known = bindings.get(port);
    if (known === undefined) bindings.set(port, [binding]);
    else known.push(binding);
  }
  return bindings;
}

/** Reads one `--expose` value, `port[-port][/protocol]`, into the ports it stands for. */
export function parseExposeSpec(spec: string): string[] {
  if (spec.includes(":")) throw new EngineError("invalid", `invalid port format for --expose: ${spec}`);
  const { port, protocol } = splitPort(spec);
  try {
    const { first, last } = parsePortRange(port);
    return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `invalid range format for --expose: ${spec}, error: ${reason}`;
    throw new EngineError("invalid", message, { cause });
  }
}

/** A mapping as a `-p` value, always with both colons: `[::1]:8080:80/tcp`, `:8080:80/tcp`. */
export function formatPortMapping({ port, binding }: PortMapping): string {
  return `${joinHostPort(binding.hostIp, binding.hostPort)}:${port}`;
}

/** `host:port`, with brackets around an IPv6 address. */
export function joinHostPort(host: string, port: string): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Ports with their bindings in the order of allocation: high fixed host ports, then high ports, tcp first. */
export function sortPortMappings(mappings: readonly PortMapping[]): PortMapping[] {
  const key = ({ port, binding }: PortMapping): [number, number, number] => {
    const { port: number, protocol } = splitPort(port);
    return [firstOf(binding.hostPort), firstOf(number), protocol.toLowerCase() === "tcp" ? 1 : 0];
  };
  const keyed = mappings.map(mapping => ({ mapping, key: key(mapping) }));
  keyed.sort((a, b) => b.key[0] - a.key[0] || b.key[1] - a.key[1] || b.key[2] - a.key[2]);
  return keyed.map(({ mapping }) => mapping);
}

function splitSpec(spec: string): { address: string; hostPort: string; containerPort: string } {
  const parts = spec.split(":");
  const containerPort = parts.pop() ?? "";
  const hostPort = parts.pop() ?? "";
  return { address: parts.join(":"), hostPort, containerPort };
}

function parseHostAddress(text: string): string {
  const bracketed = text.startsWith("[");
  const fault = bracketed ? bracketFault(text) : undefined;
  if (fault !== undefined) {
    // Go reads the address with an empty port, hence the extra colon.
    throw new EngineError("invalid", `invalid IP address ${text}: address ${text}:: ${fault}`);
  }
  const address = bracketed ? text.slice(1, -1) : text;
  if (address !== "" && !isIpAddress(address)) {
    throw new EngineError("invalid", `invalid IP address: ${address}`);
  }
  return address;
}

function bracketFault(text: string): string | undefined {
  const close = text.indexOf("]");
  if (close === -1) return "missing ']' in address";
  if (close < text.length - 1) {
    return text[close + 1] === ":" ? "too many colons in address" : "missing port in address";
  }
  return text.includes("[", 1) ? "unexpected '[' in address" : undefined;
}

function rangeOr(text: string, fault: string): PortRange {
  try {
    return parsePortRange(text);
  } catch (cause) {
    throw new EngineError("invalid", fault, { cause });
  }
}

function hostPortAt(host: PortRange, index: number, count: number): string {
  const port = host.first + index;
  return count === 1 && host.first !== host.last ? `${port}-${host.last}` : String(port);
}

function firstOf(range: string): number {
  return Number(/^\d+/.exec(range)?.[0] ?? 0);
}

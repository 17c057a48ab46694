import type { NetworkInspect } from "../../api/network.ts";
import { shortId } from "../../base/identifier.ts";
import { goType, jsonText } from "../../base/template/template.ts";
import { parseTimestamp } from "../../base/timestamp.ts";
import type { Headers } from "../format/rows.ts";
import { htmlSafeJson } from "../format/values.ts";

/** The columns of `docker network ls`. */
export const networkHeaders: Headers = {
  ID: "NETWORK ID",
  Name: "NAME",
  Driver: "DRIVER",
  Scope: "SCOPE",
  IPv4: "IPV4",
  IPv6: "IPV6",
  Internal: "INTERNAL",
  Labels: "LABELS",
  CreatedAt: "CREATED AT",
};

/** Go's way to print a time in UTC: "2026-01-02 03:04:05.6 +0000 UTC". */
function goTime(text: string): string {
  const { seconds, nanoseconds } = parseTimestamp(text);
  const date = new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
  const fraction = nanoseconds === 0 ? "" : `.${String(nanoseconds).padStart(9, "0").replace(/0+$/, "")}`;
  return `${date}${fraction} +0000 UTC`;
}

/** A network as templates of `docker network ls` see it: a method for each column. */
export class NetworkRow {
  readonly [goType] = "*network.networkContext";
  readonly #network: NetworkInspect;
  readonly #truncate: boolean;

  constructor(network: NetworkInspect, truncate: boolean) {
    this.#network = network;
    this.#truncate = truncate;
  }

  ID(): string {
    const { Id } = this.#network;
    return this.#truncate ? shortId(Id) : Id;
  }

  Name(): string {
    return this.#network.Name;
  }

  Driver(): string {
    return this.#network.Driver;
  }

  Scope(): string {
    return this.#network.Scope;
  }

  IPv4(): string {
    return String(this.#network.EnableIPv4);
  }

  IPv6(): string {
    return String(this.#network.EnableIPv6);
  }

  Internal(): string {
    return String(this.#network.Internal);
  }

  Labels(): string {
    const pairs = Object.entries(this.#network.Labels ?? {}).map(([name, value]) => `${name}=${value}`);
    return pairs.toSorted().join(",");
  }

  Label(name: string): string {
    return this.#network.Labels?.[name] ?? "";
  }

  CreatedAt(): string {
    return goTime(this.#network.Created);
  }

  [jsonText](): string {
    return htmlSafeJson({
      CreatedAt: this.CreatedAt(),
      Driver: this.Driver(),
      ID: this.ID(),
      IPv4: this.IPv4(),
      IPv6: this.IPv6(),
      Internal: this.Internal(),
      Labels: this.Labels(),
      Name: this.Name(),
      Scope: this.Scope(),
    });
  }
}

import { EngineError } from "../../base/errors.ts";
import { connectNetwork, disconnectNetwork } from "../../client/networks.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { containerNames, networkNames } from "../completion/completers.ts";
import type { Completer } from "../completion/completer.ts";
import { list, strings } from "../flags/collection-types.ts";
import { bool, int, string } from "../flags/scalar-types.ts";

/** A network, then a container that is in it or not. */
function networkThenContainer(connected: boolean): Completer {
  return (context, args, word) => {
    const [network] = args;
    if (network === undefined) return networkNames(context, args, word);
    const isWanted = containerNames(true, container => {
      const isIn = network in (container.NetworkSettings?.Networks ?? {});
      return isIn === connected;
    });
    return isWanted(context, args, word);
  };
}

function driverOptions(options: readonly string[]): Record<string, string> {
  const pairs = options.map(option => {
    const [, key = "", value = ""] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/s.exec(option) ?? [];
    if (key === "") throw new EngineError("invalid", "invalid key/value pair format in driver options");
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}

/** "container:alias", or a container whose name is the alias. */
function link(text: string): string {
  const parts = text.split(":");
  if (text === "") throw new EngineError("invalid", "empty string specified for links");
  if (parts.length > 2) throw new EngineError("invalid", `bad format for links: ${text}`);
  return text;
}

const connectFlags = () => ({
  alias: { type: strings(), usage: "Further names for the container in the network" },
  "driver-opt": { type: strings(), usage: "Options for the network's driver" },
  "gw-priority": {
    type: int(),
    usage: "The network with the highest provides the default gateway; may be negative",
  },
  ip: { type: string(), usage: "IPv4 address, such as 172.30.100.104" },
  ip6: { type: string(), usage: "IPv6 address, such as 2001:db8::33" },
  link: { type: list(link), usage: "Other containers to give names to" },
  "link-local-ip": { type: strings(), usage: "Link-local addresses" },
});

export const networkConnectCommand = command<ReturnType<typeof connectFlags>>({
  summary: "Connect a container to a network",
  arity: exactly(2),
  flags: connectFlags,
  complete: networkThenContainer(false),
  run: ({ client }, { values, positionals: [network = "", container = ""] }) =>
    connectNetwork(client, network, container, {
      IPAMConfig: {
        ...(values.ip === "" ? {} : { IPv4Address: values.ip }),
        ...(values.ip6 === "" ? {} : { IPv6Address: values.ip6 }),
        ...(values["link-local-ip"].length > 0 ? { LinkLocalIPs: values["link-local-ip"] } : {}),
      },
      Links: values.link.length > 0 ? values.link : null,
      Aliases: values.alias,
      DriverOpts: driverOptions(values["driver-opt"]),
      GwPriority: values["gw-priority"],
    }),
});

const disconnectFlags = () => ({
  force: { type: bool(), short: "f", usage: "Even where the network is gone" },
});

export const networkDisconnectCommand = command<ReturnType<typeof disconnectFlags>>({
  summary: "Take a container out of a network",
  arity: exactly(2),
  flags: disconnectFlags,
  complete: networkThenContainer(true),
  run: ({ client }, { values: { force }, positionals: [network = "", container = ""] }) =>
    disconnectNetwork(client, network, container, force),
});

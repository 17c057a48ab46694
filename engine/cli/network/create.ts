import { createNetwork } from "../../client/networks.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { noCandidates, oneOf } from "../completion/completers.ts";
import { label, pairMap } from "../container/key-values.ts";
import { list, map, strings } from "../flags/collection-types.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { ipamConfig } from "./ipam-config.ts";

const flags = () => ({
  attachable: { type: bool(), usage: "Let containers be attached by hand" },
  "aux-address": { type: map(), usage: "Addresses that no container gets" },
  "config-from": { type: string(), usage: "Network to take the configuration from" },
  "config-only": { type: bool(), usage: "Make nothing but a configuration" },
  driver: { type: string("bridge"), short: "d", usage: "What the network is made of" },
  gateway: { type: strings(), usage: "Address of the subnet's gateway" },
  ingress: { type: bool(), usage: "Make the routing mesh of a swarm" },
  internal: { type: bool(), usage: "Leave it without a way out" },
  "ip-range": { type: strings(), usage: "Part of the subnet that containers get addresses from" },
  "ipam-driver": { type: string("default"), usage: "What gives out addresses" },
  "ipam-opt": { type: map(), usage: "Options for what gives out addresses" },
  ipv4: { type: bool(true), usage: "Give out IPv4 addresses" },
  ipv6: { type: bool(), usage: "Give out IPv6 addresses" },
  label: { type: list(label), usage: "Labels to set" },
  opt: { type: map(), short: "o", usage: "Options for the driver" },
  scope: { type: string(), usage: "How far it reaches" },
  subnet: { type: strings(), usage: "Subnet of the network, such as 10.1.0.0/16" },
});

export const networkCreateCommand = command<ReturnType<typeof flags>>({
  summary: "Make a network",
  arity: exactly(1),
  flags,
  complete: noCandidates,
  completeFlags: { driver: oneOf("bridge", "host", "null") },
  completeOtherFlags: noCandidates,
  async run({ client, stdout }, { values, given, positionals: [name = ""] }) {
    const addresses = {
      subnets: values.subnet,
      ranges: values["ip-range"],
      gateways: values.gateway,
      auxiliary: values["aux-address"],
    };
    const from = values["config-from"];
    const { Id: id } = await createNetwork(client, {
      Name: name,
      Driver: values.driver,
      Scope: values.scope,
      ...(given.has("ipv4") ? { EnableIPv4: values.ipv4 } : {}),
      ...(given.has("ipv6") ? { EnableIPv6: values.ipv6 } : {}),
      IPAM: {
        Driver: values["ipam-driver"],
        Options: Object.fromEntries(values["ipam-opt"]),
        Config: ipamConfig(addresses),
      },
      Internal: values.internal,
      Attachable: values.attachable,
      Ingress: values.ingress,
      ConfigOnly: values["config-only"],
      ...(from === "" ? {} : { ConfigFrom: { Network: from } }),
      Options: Object.fromEntries(values.opt),
      Labels: pairMap(values.label),
    });
    await stdout.line(id);
  },
});

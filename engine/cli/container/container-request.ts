/** Turns the flags of `docker create` and `docker run` into what the API takes. */
import type { ContainerCreateRequest, HostConfig } from "../../api/container.ts";
import { EngineError } from "../../base/errors.ts";
import { parseExposeSpec } from "../../base/port-spec.ts";
import { quote } from "../../base/quote.ts";
import type { CommandContext } from "../context.ts";
import type { ContainerFlagValues } from "./container-flags.ts";
import { storageRequest } from "./container-storage.ts";
import { environmentEntries, labelMap, pairMap, sortedByKey } from "./key-values.ts";

/** What was asked for: flags, and behind them the image and its command. */
export interface CreationCall {
  readonly values: ContainerFlagValues;
  readonly given: ReadonlySet<string>;
  readonly positionals: readonly string[];
}

function refuse(message: string): never {
  throw new EngineError("invalid", message);
}

/** Throws where a namespace is of no kind that exists, or of one that we can't give. */
function checkNamespace(flag: string, mode: string, known: readonly string[], what: string): string {
  if (mode === "" || known.includes(mode)) return mode;
  if (/^container:./.test(mode)) {
    throw new EngineError(
      "not-implemented",
      `--${flag}: sharing another container's namespace is not supported`,
    );
  }
  return refuse(`--${flag}: invalid ${what} mode`);
}

function securityOptions(
  options: readonly string[],
): Pick<HostConfig, "SecurityOpt" | "MaskedPaths" | "ReadonlyPaths"> {
  for (const option of options) {
    const [, name = "", value = ""] = /^([^=:]*)[=:](.*)$/s.exec(option) ?? [option, option];
    if (name !== "no-new-privileges" && value === "") refuse(`Invalid --security-opt: ${quote(option)}`);
    if (name === "seccomp" && value !== "unconfined" && value !== "builtin") {
      throw new EngineError("not-implemented", `seccomp profiles of one's own are not supported: ${value}`);
    }
  }
  const kept = options.filter(option => option !== "systempaths=unconfined");
  return {
    SecurityOpt: kept.length > 0 ? kept : null,
    ...(kept.length < options.length ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
  };
}

function logConfig(driver: string, options: readonly string[]): NonNullable<HostConfig["LogConfig"]> {
  if (driver === "none" && options.length > 0) refuse(`invalid logging opts for driver ${driver}`);
  return { Type: driver, Config: pairMap(options) };
}

function exposedPorts(specs: readonly string[]): Record<string, object> {
  return Object.fromEntries(specs.flatMap(parseExposeSpec).map(port => [port, {}]));
}

function listOrNull(list: readonly string[]): readonly string[] | null {
  return list.length > 0 ? list : null;
}

/** "net_admin" as CAP_NET_ADMIN, each once and in order. */
function capabilities(names: readonly string[]): readonly string[] | null {
  const full = names.map(name => {
    const upper = name.toUpperCase();
    return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
  });
  return listOrNull([...new Set(full)].toSorted());
}

function resources(values: ContainerFlagValues): Partial<HostConfig> {
  return {
    CpuShares: values["cpu-shares"],
    Memory: values.memory,
    NanoCpus: values.cpus,
    CpuPeriod: values["cpu-period"],
    CpuQuota: values["cpu-quota"],
    MemoryReservation: values["memory-reservation"],
    MemorySwap: values["memory-swap"],
    MemorySwappiness: -1, // the kernel's own
    OomKillDisable: false,
    PidsLimit: values["pids-limit"],
    Ulimits: [...values.ulimit.values()].map(({ name, soft, hard }) => ({
      Name: name,
      Hard: hard,
      Soft: soft,
    })),
  };
}

function hostConfig(values: ContainerFlagValues, storage: HostConfig): HostConfig {
  return {
    ContainerIDFile: values.cidfile,
    LogConfig: logConfig(values["log-driver"], values["log-opt"]),
    NetworkMode: "default",
    AutoRemove: values.rm,
    CapAdd: capabilities(values["cap-add"]),
    CapDrop: capabilities(values["cap-drop"]),
    CgroupnsMode: checkNamespace("cgroupns", values.cgroupns, ["host", "private"], "CGROUP"),
    Dns: values.dns,
    DnsOptions: values["dns-option"],
    DnsSearch: values["dns-search"],
    ExtraHosts: listOrNull(values["add-host"]),
    GroupAdd: listOrNull(values["group-add"]),
    IpcMode: checkNamespace("ipc", values.ipc, ["host", "private", "shareable"], "IPC"),
    OomScoreAdj: values["oom-score-adj"],
    PidMode: checkNamespace("pid", values.pid, ["host"], "PID"),
    Privileged: values.privileged,
    ...securityOptions(values["security-opt"]),
    UTSMode: checkNamespace("uts", values.uts, ["host"], "UTS"),
    ...(values.sysctl.size > 0 ? { Sysctls: sortedByKey(Object.fromEntries(values.sysctl)) } : {}),
    ...resources(values),
    ...storage,
  };
}

/** `--entrypoint ""` takes the image's away, which the API is told by an empty word. */
function entrypointOf({ values, given }: CreationCall): readonly string[] | null {
  return given.has("entrypoint") ? [values.entrypoint] : null;
}

/** The body of the request. Throws "invalid" where flags make no sense. */
export function containerRequest(context: CommandContext, call: CreationCall): ContainerCreateRequest {
  const { values, given, positionals } = call;
  const [image = "", ...words] = positionals;
  const { volumes, hostConfig: storage } = storageRequest(context, values);
  const streams = values.attach;
  const attachesAll = streams.length === 0;
  const attachesStdin = values.interactive || streams.includes("stdin");
  return {
    Hostname: values.hostname,
    Domainname: values.domainname,
    User: values.user,
    AttachStdin: attachesStdin,
    AttachStdout: attachesAll || streams.includes("stdout"),
    AttachStderr: attachesAll || streams.includes("stderr"),
    ...(values.expose.length > 0 ? { ExposedPorts: exposedPorts(values.expose) } : {}),
    Tty: values.tty,
    OpenStdin: values.interactive,
    StdinOnce: values.interactive && attachesStdin,
    Env: environmentEntries(context, values["env-file"], values.env),
    Cmd: listOrNull(words),
    Image: image,
    Volumes: volumes,
    WorkingDir: values.workdir,
    Entrypoint: entrypointOf(call),
    Labels: labelMap(context, values["label-file"], values.label),
    ...(values["stop-signal"] === "" ? {} : { StopSignal: values["stop-signal"] }),
    ...(given.has("stop-timeout") ? { StopTimeout: values["stop-timeout"] } : {}),
    HostConfig: hostConfig(values, storage),
  };
}

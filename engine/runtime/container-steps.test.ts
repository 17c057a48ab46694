import { describe, expect, it } from "vitest";
import { MountFlag, NamespaceFlag } from "../sys/kernel.ts";
import type { BindAccess } from "../sys/views.ts";
import { cloneFlags, containerSteps, execSteps } from "./container-steps.ts";
import type { ContainerSpec, ProcessSpec } from "./process-spec.ts";

const process: ProcessSpec = {
  args: ["sh", "-c", "true"],
  env: ["A=1"],
  cwd: "/srv",
  user: { uid: 5, gid: 6, groups: [6, 7] },
  capabilities: new Set(["CAP_CHOWN"]),
  noNewPrivileges: false,
  seccomp: null,
  rlimits: [],
  oomScoreAdj: 0,
  terminal: null,
};

const spec: ContainerSpec = {
  rootfs: "/root",
  readonlyRootfs: false,
  hostname: "h",
  domainname: "",
  namespaces: { pid: "new", network: "new", ipc: "new", uts: "new", cgroup: "host" },
  mounts: [],
  sharesMounts: false,
  devices: [],
  maskedPaths: [],
  readonlyPaths: [],
  sysctls: {},
  process,
};

describe("cloneFlags", () => {
  it("are of the namespaces that are new; the mount namespace always is", () => {
    expect(cloneFlags(spec.namespaces)).toBe(
      NamespaceFlag.mount | NamespaceFlag.pid | NamespaceFlag.network | NamespaceFlag.ipc | NamespaceFlag.uts,
    );
    const none = {
      pid: "host",
      network: { path: "/n" },
      ipc: "host",
      uts: { path: "/u" },
      cgroup: "new",
    } as const;
    expect(cloneFlags(none)).toBe(NamespaceFlag.mount);
  });
});

describe("containerSteps", () => {
  it("joins namespaces that others have, before it changes anything", () => {
    const namespaces = {
      pid: "host",
      network: { path: "/run/net" },
      ipc: { path: "/proc/5/ns/ipc" },
      uts: { path: "/proc/5/ns/uts" },
      cgroup: { path: "/proc/5/ns/cgroup" },
    } as const;
    const steps = containerSteps({ ...spec, namespaces });
    expect(steps.slice(0, 5)).toEqual([
      ["setns", "/run/net", NamespaceFlag.network],
      ["setns", "/proc/5/ns/ipc", NamespaceFlag.ipc],
      ["setns", "/proc/5/ns/uts", NamespaceFlag.uts],
      ["setns", "/proc/5/ns/cgroup", NamespaceFlag.cgroup],
      ["mount", "", "/", "", MountFlag.slave | MountFlag.recursive, ""],
    ]);
    expect(steps.some(([name]) => name === "hostname")).toBe(false); // it is another's
  });

  it("leaves to the shim what a bind mount takes", () => {
    const bind = {
      target: "/data",
      source: "/host",
      subpath: "a/b",
      recursive: true,
      propagation: 7,
    } as const;
    const stepOf = (access: BindAccess): unknown =>
      containerSteps({ ...spec, mounts: [{ ...bind, access }] })[1];
    expect(stepOf("writable")).toEqual(["bind", "/root", "/data", "/host", "a/b", 1, 0, 7]);
    expect(stepOf("read-only")).toEqual(["bind", "/root", "/data", "/host", "a/b", 1, 1, 7]);
    expect(stepOf("read-only-tree")).toEqual(["bind", "/root", "/data", "/host", "a/b", 1, 2, 7]);
  });

  it("makes a tmpfs read-only after the mounts inside it have their places", () => {
    const flags = MountFlag.readOnly | MountFlag.noSuid;
    const tmpfs = { target: "/t", source: "tmpfs", type: "tmpfs", flags, data: "size=1m" };
    const inside = { target: "/t/in", source: "proc", type: "proc", flags: 0, data: "" };
    expect(containerSteps({ ...spec, mounts: [tmpfs, inside] }).slice(1, 4)).toEqual([
      ["place", "/root", "/t", "tmpfs", "tmpfs", MountFlag.noSuid, "size=1m"],
      ["place", "/root", "/t/in", "proc", "proc", 0, ""],
      ["read-only", "/root", "/t", 0],
    ]);
  });

  it("lets mounts spread to the host only where they are shared", () => {
    const { private: separate, shared, bind, recursive } = MountFlag;
    expect(containerSteps({ ...spec, sharesMounts: true }).slice(0, 3)).toEqual([
      ["mount", "", "/", "", shared, ""],
      ["mount", "", "/root", "", separate, ""],
      ["mount", "/root", "/root", "", bind | recursive, ""],
    ]);
  });

  it("makes devices with their owners", () => {
    const device = { path: "/dev/kvm", mode: 0o660, major: 10, minor: 232, uid: 0, gid: 108 };
    expect(containerSteps({ ...spec, devices: [device] }).slice(1, 3)).toEqual([
      ["mknod", "/root/dev/kvm", 0o20660, 10, 232],
      ["chown", "/root/dev/kvm", 0, 108],
    ]);
  });
});

describe("execSteps", () => {
  it("joins what the container's process is in, its mounts last", () => {
    const terminal = { rows: 24, columns: 80 };
    expect(execSteps({ ...process, terminal }, 42)).toEqual([
      ["setns", "/proc/42/ns/ipc", NamespaceFlag.ipc],
      ["setns", "/proc/42/ns/uts", NamespaceFlag.uts],
      ["setns", "/proc/42/ns/net", NamespaceFlag.network],
      ["setns", "/proc/42/ns/cgroup", NamespaceFlag.cgroup],
      ["setns", "/proc/42/ns/mnt", NamespaceFlag.mount],
      ["session"],
      ["console", 24, 80, 5, 0],
      ["bounding", "000000001"],
      ["groups", 6, 7],
      ["user", 5, 6],
      ["capabilities", "000000001", "000000001", "0", "0"],
      ["chdir", "/srv"],
      ["environment", "A=1"],
      ["exec", "sh", "-c", "true"],
    ]);
  });
});

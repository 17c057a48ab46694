import { describe, expect, it } from "vitest";
import { isAnonymous, type MountConfig } from "./mount-point.ts";
import {
  checkBindSource,
  checkDestination,
  copiesUp,
  mountPointOf,
  parseBind,
  parseVolumesFrom,
  tmpfsOptions,
} from "./parse-mount.ts";

describe("a value of -v", () => {
  it("is a bind mount, whose source is made where it is missing", () => {
    expect(parseBind("/host//x/:/a/../b:ro,rslave", "")).toEqual({
      Type: "bind",
      Source: "/host/x",
      Destination: "/b",
      RW: false,
      Name: "",
      Driver: "",
      Propagation: "rslave",
      Relabel: "ro,rslave",
      SkipMountpointCreation: false,
      Spec: {
        Type: "bind",
        Source: "/host//x/",
        Target: "/a/../b",
        ReadOnly: true,
        BindOptions: { Propagation: "rslave" },
      },
    });
    expect(parseBind("/host:/b", "").Propagation).toBe("rprivate");
  });

  it("is a volume", () => {
    const mount = parseBind("data:/b:nocopy", "local");
    expect(mount).toMatchObject({ Type: "volume", Name: "data", Source: "", RW: true, Driver: "local" });
    expect(copiesUp(mount)).toBe(false);
    expect(copiesUp(parseBind("data:/b", ""))).toBe(true);
    expect(isAnonymous(mount)).toBe(false);
  });

  it("is a volume without a name", () => {
    const mount = parseBind("/b", "");
    expect(mount).toMatchObject({ Type: "volume", Name: "", Destination: "/b" });
    expect(isAnonymous(mount)).toBe(true);
  });

  it.each([
    ["", "invalid volume specification: ''"],
    [":/a", "invalid volume specification: ':/a'"],
    ["a:/b:ro:c", "invalid volume specification: 'a:/b:ro:c'"],
    ["/a:ro", "invalid volume specification: '/a:ro'"],
    ["aa:/b:shiny", "invalid mode: shiny"],
    ["aa:/b:ro,rw", "invalid mode: ro,rw"],
    [
      "aa:b",
      "invalid volume specification: 'aa:b': invalid mount config for type \"volume\": invalid mount path: 'b' mount path must be absolute",
    ],
    [
      "aa:/",
      "invalid volume specification: 'aa:/': invalid mount config for type \"volume\": invalid specification: destination can't be '/'",
    ],
    [
      "aa:/b:rshared",
      "invalid volume specification: 'aa:/b:rshared': invalid mount config for type \"volume\": field BindOptions must not be specified",
    ],
  ])("can't be %j", (text, message) => {
    expect(() => parseBind(text, "")).toThrow(message);
  });
});

function tmpfs(TmpfsOptions: MountConfig["TmpfsOptions"] & object, ReadOnly = false): string[] {
  return tmpfsOptions({ Type: "tmpfs", Target: "/t", TmpfsOptions, ReadOnly });
}

describe("a value of --mount", () => {
  it("is a bind mount, whose source must be there", () => {
    const config = { Type: "bind", Source: "/host", Target: "/b" };
    expect(mountPointOf(config)).toMatchObject({ SkipMountpointCreation: true, Propagation: "rprivate" });
    expect(() => checkBindSource(config, () => false)).toThrow(
      'invalid mount config for type "bind": bind source path does not exist: /host',
    );
    expect(() =>
      checkBindSource({ ...config, BindOptions: { CreateMountpoint: true } }, () => false),
    ).not.toThrow();
  });

  it("is a tmpfs, with the options of --tmpfs", () => {
    expect(tmpfs({ SizeBytes: 3 << 20, Mode: 0o1770 }, true)).toEqual(["ro", "mode=1770", "size=3m"]);
    expect(tmpfs({ SizeBytes: 1000 })).toEqual(["size=1000"]);
    expect(tmpfs({ SizeBytes: 2 ** 31 })).toEqual(["size=2g"]);
    expect(tmpfs({ Options: [["exec"]] })).toEqual(["exec"]);
    expect(() => tmpfs({ Options: [["suid"]] })).toThrow("invalid option: suid");
    expect(() => tmpfs({ Options: [[]] })).toThrow("invalid option array length");
  });

  it.each<[MountConfig, string]>([
    [{ Type: "volume" }, "field Target must not be empty"],
    [{ Type: "npipe", Target: "/a" }, "mount type unknown"],
    [{ Type: "bind", Target: "/a" }, "field Source must not be empty"],
    [{ Type: "bind", Target: "/a", Source: "b" }, "invalid mount path: 'b' mount path must be absolute"],
    [
      { Type: "bind", Target: "/a", Source: "/b", BindOptions: { Propagation: "odd" } },
      "invalid propagation mode: odd",
    ],
    [
      { Type: "bind", Target: "/a", Source: "/b", VolumeOptions: {} },
      "field VolumeOptions must not be specified",
    ],
    [{ Type: "volume", Target: "/a", BindOptions: {} }, "field BindOptions must not be specified"],
    [
      { Type: "volume", Target: "/a", ReadOnly: true },
      "must not set ReadOnly mode when using anonymous volumes",
    ],
    [
      { Type: "volume", Target: "/a", VolumeOptions: { Subpath: "b" } },
      "must not set Subpath when using anonymous volumes",
    ],
    [
      { Type: "volume", Target: "/a", Source: "aa", VolumeOptions: { Subpath: "../b" } },
      "subpath must be a relative path within the volume",
    ],
    [{ Type: "tmpfs", Target: "/a", Source: "b" }, "field Source must not be specified"],
    [{ Type: "tmpfs", Target: "/a", ImageOptions: {} }, "field ImageOptions must not be specified"],
  ])("can't be %j", (config, message) => {
    expect(() => mountPointOf(config)).toThrow(`invalid mount config for type "${config.Type}": ${message}`);
    expect(() => mountPointOf(config)).toThrow(expect.objectContaining({ kind: "invalid" }));
  });
});

describe("a value of --volumes-from", () => {
  it.each([
    ["web", { container: "web", writable: true }],
    ["web:ro", { container: "web", writable: false }],
    ["web:rw,z", { container: "web", writable: true }],
  ])("%s", (spec, parsed) => {
    expect(parseVolumesFrom(spec)).toEqual(parsed);
  });

  it.each([
    ["", "volumes-from specification cannot be an empty string"],
    ["web:odd", "invalid mode: odd"],
    ["web:nocopy", "invalid mode: nocopy"],
    ["web:rshared", "invalid mode: rshared"],
  ])("can't be %j", (spec, message) => {
    expect(() => parseVolumesFrom(spec)).toThrow(message);
  });
});

it("a destination can't be relative, or everything", () => {
  expect(() => checkDestination("a")).toThrow("invalid mount path: 'a' mount path must be absolute");
  expect(() => checkDestination("/a/..")).toThrow("invalid specification: destination can't be '/'");
  expect(() => checkDestination("/a")).not.toThrow();
});

import { describe, expect, it } from "vitest";
import { MountFlag } from "./kernel.ts";
import { checkTmpfsOptions, parseMountOptions, propagationFlags } from "./mount-options.ts";
import { mountOf, mountTable } from "./mount-table.ts";

describe("options of mount(8)", () => {
  it("are flags, a propagation, and what is left for the file system", () => {
    expect(parseMountOptions(["ro", "nosuid", "size=1m", "defaults", "", "rslave", "mode=1777"])).toEqual({
      flags: MountFlag.readOnly | MountFlag.noSuid,
      propagation: MountFlag.slave | MountFlag.recursive,
      data: "size=1m,mode=1777",
    });
  });

  it("take back those before them", () => {
    expect(parseMountOptions(["noexec", "nosuid", "exec"]).flags).toBe(MountFlag.noSuid);
  });

  it.each(["size=1m", "mode=700", "uid=1", "ro", "noatime", "", "defaults"])(
    "of a tmpfs may be %j",
    option => {
      expect(() => checkTmpfsOptions([option])).not.toThrow();
    },
  );

  it.each([
    ["bogus=1", 'invalid tmpfs option ["bogus" "1"]'],
    ["size", 'invalid tmpfs option ["size"]'],
  ])("of a tmpfs can't be %j", (option, message) => {
    expect(() => checkTmpfsOptions([option])).toThrow(message);
  });
});

it.each([
  ["", 0],
  ["private", MountFlag.private],
  ["rshared", MountFlag.shared | MountFlag.recursive],
])("the propagation %j", (mode, flags) => {
  expect(propagationFlags(mode)).toBe(flags);
});

const MOUNTINFO = `22 1 0:20 / / rw shared:1 - tmpfs root rw
23 22 0:21 / /a\\040b rw,nosuid shared:2 master:1 - tmpfs x rw
24 22 0:22 / /a\\040b/c rw - ext4 /dev/sda rw
`;

describe("the table of mounts", () => {
  const table = mountTable({ readText: () => MOUNTINFO });

  it("has their places and how they spread", () => {
    expect(table).toEqual([
      { path: "/", propagation: ["shared:1"] },
      { path: "/a b", propagation: ["shared:2", "master:1"] },
      { path: "/a b/c", propagation: [] },
    ]);
  });

  it.each([
    ["/x", "/"],
    ["/a b", "/a b"],
    ["/a bc", "/"],
    ["/a b/c/d", "/a b/c"],
  ])("says what holds %j", (path, holder) => {
    expect(mountOf(table, path)?.path).toBe(holder);
  });
});

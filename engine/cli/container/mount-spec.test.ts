import { expect, it } from "vitest";
import { mounts, parseMountSpec } from "./mount-spec.ts";

it.each([
  ["target=/a", { Type: "volume", Target: "/a" }],
  ["type=bind,src=./x,dst=/a,ro", { Type: "bind", Source: "./x", Target: "/a", ReadOnly: true }],
  [
    "TYPE=Bind,Source=/x,destination=/a,readonly=0",
    { Type: "bind", Source: "/x", Target: "/a", ReadOnly: false },
  ],
  [
    "type=bind,src=/x,dst=/a,bind-propagation=RSlave,bind-recursive=disabled,consistency=Cached",
    {
      Type: "bind",
      Source: "/x",
      Target: "/a",
      Consistency: "cached",
      BindOptions: { Propagation: "rslave", NonRecursive: true },
    },
  ],
  [
    "type=bind,src=/x,dst=/a,ro,bind-recursive=readonly,bind-propagation=rprivate",
    {
      Type: "bind",
      Source: "/x",
      Target: "/a",
      ReadOnly: true,
      BindOptions: { ReadOnlyForceRecursive: true, Propagation: "rprivate" },
    },
  ],
  [
    'src=data,dst=/a,volume-nocopy,volume-label=a=1,volume-label=b,volume-driver=local,volume-opt=type=nfs,"volume-opt=o=addr=1,rw",volume-subpath=s',
    {
      Type: "volume",
      Source: "data",
      Target: "/a",
      VolumeOptions: {
        NoCopy: true,
        Labels: { a: "1", b: "" },
        DriverConfig: { Name: "local", Options: { type: "nfs", o: "addr=1,rw" } },
        Subpath: "s",
      },
    },
  ],
  [
    "type=tmpfs,dst=/a,tmpfs-size=1k,tmpfs-mode=1770",
    { Type: "tmpfs", Target: "/a", TmpfsOptions: { SizeBytes: 1024, Mode: 0o1770 } },
  ],
])("%s", (text, mount) => {
  expect(parseMountSpec(text)).toEqual(mount);
});

it.each([
  ["", "EOF"],
  ["target", "invalid field 'target' must be a key=value pair"],
  ["target=/a,colour=red", "unexpected key 'colour' in 'colour=red'"],
  ["target=/a,ro=maybe", "invalid value for ro: maybe"],
  ["type=tmpfs,target=/a,tmpfs-size=x", "invalid value for tmpfs-size: x"],
  ["type=tmpfs,target=/a,tmpfs-mode=9", "invalid value for tmpfs-mode: 9"],
  ["type=tmpfs,target=/a,tmpfs-mode=77777777777", "invalid value for tmpfs-mode: 77777777777"],
  ["type=,target=/a", "type is required"],
  ["type=bind", "target is required"],
  ["type=tmpfs,target=/a,volume-nocopy", "cannot mix 'volume-*' options with mount type 'tmpfs'"],
  [
    "target=/a,bind-recursive=enabled,bind-nonrecursive",
    "cannot mix 'bind-*' options with mount type 'volume'",
  ],
  ["target=/a,image-subpath=x", "cannot mix 'image-*' options with mount type 'volume'"],
  [
    "type=bind,target=/a,bind-recursive=writable",
    "option 'bind-recursive=writable' requires 'readonly' to be specified in conjunction",
  ],
])("%j is refused", (text, message) => {
  expect(() => parseMountSpec(text)).toThrow(message);
});

it("a flag gathers all of its values", () => {
  const type = mounts();
  expect(type.parse("target=/b", type.parse("target=/a", undefined))).toHaveLength(2);
});

import { describe, expect, it } from "vitest";
import { lookUpUser } from "./user-lookup.ts";

const files = {
  passwd: [
    "root:x:0:0:root:/root:/bin/sh",
    "daemon:x:1:1::/usr/sbin:/bin/false",
    "",
    "  app:x:1000:1001:An app:/srv/app:/bin/sh  ",
    "77:x:500:501::/home/seventy-seven:/bin/sh",
    "homeless:x:600:600",
    "second-root:x:0:9::/other:/bin/sh",
    "short",
  ].join("\n"),
  group: [
    "# a comment",
    "root:x:0:",
    "daemon:x:1:app",
    "",
    "web:x:33:daemon,app",
    "app:x:1001:",
    "55:x:66:",
    "video:x:44:",
  ].join("\n"),
};

const user = (
  text: string,
  extra: string[] = [],
): [uid: number, gid: number, groups: readonly number[], home: string] => {
  const { uid, gid, groups, home } = lookUpUser(text, files, extra);
  return [uid, gid, groups, home];
};

describe("lookUpUser", () => {
  it("takes root where nobody is named", () => {
    expect(user("")).toEqual([0, 0, [0], "/root"]);
    expect(lookUpUser("", { passwd: "", group: "" })).toEqual({ uid: 0, gid: 0, groups: [0], home: "/" });
  });

  it("finds a name with its group, its supplementary groups and its home", () => {
    expect(user("app")).toEqual([1000, 1001, [1001, 1, 33], "/srv/app"]);
  });

  it("finds a number's entry", () => {
    expect(user("1000")).toEqual([1000, 1001, [1001, 1, 33], "/srv/app"]);
  });

  it("takes the first of several entries", () => {
    expect(user("0")).toEqual([0, 0, [0], "/root"]);
  });

  it("takes digits for a number, even where a name is the same", () => {
    expect(user("77")).toEqual([77, 0, [0], "/"]);
    expect(user("app:55")).toEqual([1000, 55, [55], "/srv/app"]);
  });

  it("lets a number be nobody's", () => {
    expect(user("4242")).toEqual([4242, 0, [0], "/"]);
    expect(user("4242:4343")).toEqual([4242, 4343, [4343], "/"]);
  });

  it("takes a named group alone", () => {
    expect(user("app:web")).toEqual([1000, 33, [33], "/srv/app"]);
    expect(user(":web")).toEqual([0, 33, [33], "/root"]);
  });

  it("adds groups that were asked for, each once", () => {
    expect(user("app", ["video", "44", "9999", "web"])).toEqual([
      1000,
      1001,
      [1001, 1, 33, 44, 9999],
      "/srv/app",
    ]);
  });

  it("gives a home to who has none", () => {
    expect(user("homeless")).toEqual([600, 600, [600], "/"]);
  });

  it.each([
    ["nobody", "unable to find user nobody: no matching entries in passwd file"],
    ["app:nogroup", "unable to find group nogroup: no matching entries in group file"],
    ["2147483648", "uids and gids must be in range 0-2147483647"],
    ["1:2147483648", "uids and gids must be in range 0-2147483647"],
    ["-1", "uids and gids must be in range 0-2147483647"],
  ])("refuses %j in Docker's words", (text, message) => {
    expect(() => lookUpUser(text, files)).toThrow(message);
  });

  it("refuses added groups that are not there", () => {
    expect(() => lookUpUser("app", files, ["nogroup"])).toThrow(
      "Unable to find group nogroup: no matching entries in group file",
    );
    expect(() => lookUpUser("app", files, ["2147483648"])).toThrow(
      "uids and gids must be in range 0-2147483647",
    );
  });
});

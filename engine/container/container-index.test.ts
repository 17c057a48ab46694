import { beforeEach, describe, expect, it } from "vitest";
import { emptyConfig, emptyHostConfig } from "./config.ts";
import { checkName, ContainerIndex } from "./container-index.ts";
import { Container } from "./container.ts";

function makeContainer(id: string, name: string): Container {
  return new Container({
    id: id.padEnd(64, "0"),
    name,
    created: "",
    imageId: "",
    path: "",
    args: [],
    config: emptyConfig(),
    hostConfig: emptyHostConfig(),
  });
}

const web = makeContainer("abc1", "web");
const db = makeContainer("abd2", "db");
const named = makeContainer("ef03", "abc"); // named like the start of another's id

let index: ContainerIndex;

beforeEach(() => {
  index = new ContainerIndex();
  for (const container of [web, db, named]) index.add(container);
});

describe("find", () => {
  it("takes a whole id, a name, or the start of an id", () => {
    expect(index.find(web.id)).toBe(web);
    expect(index.find("web")).toBe(web);
    expect(index.find("/web")).toBe(web);
    expect(index.find("abc1")).toBe(web);
    expect(index.find("ef")).toBe(named);
  });

  it("lets a name win over the start of an id", () => {
    expect(index.find("abc")).toBe(named);
  });

  it("refuses what several ids start with, and what none does", () => {
    expect(() => index.find("ab")).toThrow("multiple IDs found with provided prefix: ab");
    expect(() => index.find("nope")).toThrow("No such container: nope");
    expect(() => index.find("")).toThrow("No such container: ");
  });
});

describe("names", () => {
  it("belong to one container", () => {
    expect(() => index.add(makeContainer("ff", "web"))).toThrow(
      `Conflict. The container name "/web" is already in use by container "${web.id}". ` +
        "You have to remove (or rename) that container to be able to reuse that name.",
    );
    expect(index.size).toBe(3);
  });

  it("are free again after a removal", () => {
    index.remove(web);
    expect(index.isTaken("web")).toBe(false);
    expect(index.has(web)).toBe(false);
    expect(index.all()).toEqual([db, named]);
  });

  it.each(["a", "", "-a", ".a", "_a", "a b", "a/b", "ä1", "a\n"])("cannot be %j", name => {
    expect(() => checkName(name)).toThrow(
      `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    );
  });

  it.each(["ab", "A_b.c-9", "0a", "a-"])("can be %j", name => {
    expect(() => checkName(name)).not.toThrow();
  });
});

describe("rename", () => {
  it("frees the old name and takes the new one", () => {
    const container = makeContainer("1234", "old");
    index.add(container);
    index.rename(container, "new");
    expect(index.find("new")).toBe(container);
    expect(index.isTaken("old")).toBe(false);
    expect(() => index.rename(container, "db")).toThrow("Conflict.");
    expect(container.name).toBe("new");
  });
});

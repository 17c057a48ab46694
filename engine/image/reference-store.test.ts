import { beforeEach, describe, expect, it } from "vitest";
import { familiarString, parseFamiliar, type Reference } from "../base/reference.ts";
import { type FakeSys, fakeSys, restarted } from "../sys/fake/sys.ts";
import { crashAtEach, failAtEach } from "../testing/at-each-operation.ts";
import { ReferenceStore } from "./reference-store.ts";

const PATH = "/data/image/overlay2/repositories.json";
const ONE = `sha256:${"1".repeat(64)}`;
const TWO = `sha256:${"2".repeat(64)}`;

const web = parseFamiliar("web:1");
const pinned = parseFamiliar(`web@${ONE}`);

interface Fixture {
  readonly sys: FakeSys;
  readonly store: ReferenceStore;
}

function open(sys: FakeSys): Fixture {
  sys.files.makeDirectories("/data/image/overlay2");
  return { sys, store: new ReferenceStore(sys.files, "/data") };
}

function namesOf(store: ReferenceStore): string[] {
  return [...store.all()].map(({ reference, id }) => `${familiarString(reference)} ${id.slice(7, 8)}`);
}

let now: Fixture;

beforeEach(() => {
  now = open(fakeSys());
});

describe("references", () => {
  it("name an image until they name another", () => {
    expect(now.store.get(web)).toBeUndefined();
    expect(now.store.set(web, ONE)).toBeUndefined();
    expect(now.store.get(web)).toBe(ONE);
    expect(now.store.set(web, ONE)).toBeUndefined();
    expect(now.store.set(web, TWO)).toBe(ONE);
    expect(now.store.get(parseFamiliar("docker.io/library/web:1"))).toBe(TWO);
  });

  it("with a digest never name another", () => {
    now.store.set(pinned, ONE);
    expect(() => now.store.set(pinned, TWO)).toThrow(`cannot overwrite digest ${ONE}`);
    expect(now.store.get(pinned)).toBe(ONE);
  });

  it("are listed with tags before digests", () => {
    now.store.set(pinned, ONE);
    now.store.set(web, ONE);
    now.store.set(parseFamiliar("other:2"), TWO);
    expect(now.store.of(ONE).map(familiarString)).toEqual(["web:1", `web@${ONE}`]);
    expect(now.store.of("sha256:none")).toEqual([]);
  });

  it("are taken away", () => {
    now.store.set(web, ONE);
    expect(now.store.remove(web)).toBe(true);
    expect(now.store.remove(web)).toBe(false);
    expect(now.store.get(web)).toBeUndefined();
  });
});

describe("repositories.json", () => {
  it("has Docker's form", () => {
    now.store.set(web, ONE);
    now.store.set(parseFamiliar("someone/app:2"), ONE);
    now.store.set(parseFamiliar("localhost:5000/app:3"), TWO);
    expect(JSON.parse(now.sys.files.readText(PATH))).toEqual({
      Repositories: {
        "localhost:5000/app": { "localhost:5000/app:3": TWO },
        "someone/app": { "someone/app:2": ONE },
        web: { "web:1": ONE },
      },
    });
  });

  it("is read again", () => {
    for (const [reference, id] of [
      [web, ONE],
      [pinned, ONE],
      [parseFamiliar("localhost:5000/app:3"), TWO],
    ] as [Reference, string][])
      now.store.set(reference, id);
    expect(namesOf(open(restarted(now.sys)).store).toSorted()).toEqual(namesOf(now.store).toSorted());
  });
});

async function prepare(): Promise<Fixture> {
  const fresh = open(fakeSys());
  fresh.store.set(web, ONE);
  return fresh;
}

describe("whatever fails", () => {
  it("memory and disk say the same", async () => {
    for (const work of [
      ({ store }: Fixture) => void store.set(web, TWO),
      ({ store }: Fixture) => void store.set(parseFamiliar("new:1"), TWO),
      ({ store }: Fixture) => void store.remove(web),
    ])
      await failAtEach("ENOSPC", {
        prepare,
        work,
        check: ({ sys, store }, done) => {
          expect(namesOf(open(restarted(sys)).store)).toEqual(namesOf(store));
          if (!done) expect(namesOf(store)).toEqual(["web:1 1"]);
        },
      });
  });

  it("a crash leaves what was before or what was meant to be", async () => {
    await crashAtEach({
      prepare,
      work: ({ store }) => void store.set(web, TWO),
      check: ({ sys }, done) => {
        const names = namesOf(open(restarted(sys)).store);
        expect(done ? ["web:1 2"] : ["web:1 1", "web:1 2"]).toContain(names.join());
      },
    });
  });
});

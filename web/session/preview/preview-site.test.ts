import { describe, expect, it } from "vitest";
import { frameSources, parsePreviewSite, previewName, previewOrigins } from "./preview-site.ts";
import { takeSlot } from "./slot.ts";

const OWN = "https://play.example.org";

describe("where previews are shown", () => {
  it("is an origin for each port where the site has a host name for it", () => {
    const site = parsePreviewSite({
      origins: ["https://{name}.preview.example.org", "http://localhost:8081"],
    });
    expect(previewOrigins(site, previewName(8080, 2), OWN)).toEqual([
      "https://8080-2.preview.example.org",
      "http://localhost:8081",
    ]);
    expect(frameSources(site)).toEqual(["https://*.preview.example.org", "http://localhost:8081"]);
  });

  it.each([
    OWN,
    `${OWN}/`,
    `${OWN}:443`,
    "https://example.org/below",
    "javascript:alert(1)",
    "data:text/html,x",
    "example.org",
    5,
  ])("is never %s", origin => {
    expect(previewOrigins(parsePreviewSite({ origins: [origin] }), "8080-1", OWN)).toEqual([]);
  });

  it.each([undefined, null, "text", {}, { origins: "https://a" }])("is nowhere where %j says so", data => {
    expect(parsePreviewSite(data)).toEqual({ origins: [] });
  });
});

it("gives each playground of a browser the lowest number that is free", async () => {
  const held = new Set<string>();
  const locks = {
    request: (
      name: string,
      _options: unknown,
      callback: (lock: unknown) => Promise<void> | undefined,
    ): Promise<unknown> => {
      const free = !held.has(name);
      held.add(name);
      void callback(free ? { name } : null);
      return new Promise(() => undefined);
    },
  };
  expect(await takeSlot(locks)).toBe(1);
  expect(await takeSlot(locks)).toBe(2);
  expect(await takeSlot(undefined)).toBe(1);
});

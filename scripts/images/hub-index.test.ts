import { describe, expect, it } from "vitest";
import { type HubImage, blobName, checkHubIndex, hubIndexOf } from "./hub-index.ts";

const hex = "ab".repeat(32);
const digest = `sha256:${hex}`;
const mediaType = "application/vnd.oci.image.index.v1+json";
const image: HubImage = {
  repository: "library/busybox",
  tags: ["latest", "1"],
  descriptor: { mediaType, size: 7, digest },
  blobs: [{ digest, mediaType, size: 7 }],
};

describe("hubIndexOf", () => {
  it("gives the same text however a descriptor came about", () => {
    const other = { ...image, descriptor: { digest, mediaType, size: 7 } };
    expect(JSON.stringify(hubIndexOf([other]))).toBe(JSON.stringify(hubIndexOf([image])));
  });

  it("names blobs by hex digits alone", () => {
    const named = { digest, mediaType, size: 7 };
    expect(hubIndexOf([image])).toEqual({
      repositories: { "library/busybox": { tags: { "1": named, latest: named } } },
      blobs: { [hex]: { mediaType, size: 7 } },
    });
  });
});

describe("checkHubIndex", () => {
  it("takes what hubIndexOf has made", () => {
    const index = hubIndexOf([image]);
    expect(checkHubIndex(JSON.parse(JSON.stringify(index)))).toEqual(index);
  });

  it.each([
    [{ repositories: {} }, "blobs is not an object"],
    [{ repositories: {}, blobs: { [hex]: { mediaType } } }, `blobs: ${hex}: size is not a size`],
    [{ ...hubIndexOf([image]), blobs: {} }, "hub index: library/busybox:1 names no blob"],
    [{ repositories: {}, blobs: { xyz: { mediaType, size: 1 } } }, 'not a sha256 digest: "sha256:xyz"'],
  ])("refuses %j", (value, message) => {
    expect(() => checkHubIndex(value)).toThrow(message);
  });
});

describe("blobName", () => {
  it("refuses another algorithm", () => {
    expect(() => blobName(`sha512:${hex}`)).toThrow("not a sha256 digest");
  });
});

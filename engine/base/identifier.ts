/** The ids of containers, images and other objects: 64 hexadecimal digits, shown as the first 12. */

const shortLength = 12;

/** The short form of an id or digest, without the digest's algorithm. */
export function shortId(id: string): string {
  return id.slice(id.indexOf(":") + 1).slice(0, shortLength);
}

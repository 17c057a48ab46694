/** The API versions that daemons were found to speak, by endpoint. A resident program keeps them between commands. */
export class ApiVersions {
  readonly #known = new Map<string, string>();

  get(address: string): string | undefined {
    return this.#known.get(address);
  }

  set(address: string, version: string): void {
    this.#known.set(address, version);
  }

  /** For a daemon that has refused the version. */
  forget(address: string): void {
    this.#known.delete(address);
  }
}

/** The lower of two versions, such as "1.50". */
export function lowerVersion(left: string, right: string): string {
  return versionNumber(left) <= versionNumber(right) ? left : right;
}

function versionNumber(version: string): number {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major * 1000 + minor;
}

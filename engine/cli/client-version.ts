/** What `docker version` tells of this client. */
export const CLIENT_VERSION = {
  /** Docker's that we follow. */
  version: "28.2.2",
  commit: "drydock",
  language: "TypeScript (QuickJS 2025-04-26)",
} as const;

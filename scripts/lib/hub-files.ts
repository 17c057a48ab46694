import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { FileSource } from "../../web/machine/internet/site.ts";

/** The files of a folder, for the sandbox internet of a machine that runs in Node. */
export function folderSource(folder: string): FileSource {
  return {
    async open(path) {
      const file = join(folder, path);
      const found = await stat(file).catch(() => undefined);
      if (!found?.isFile()) return undefined;
      return { size: found.size, pieces: createReadStream(file) };
    },
  };
}

import * as tree from "native:tree";
import type { TreeCopy, Trees } from "../trees.ts";

/** {@link Trees} on native:tree. */
export class NativeTrees implements Trees {
  copy(from: string, to: string): TreeCopy {
    return tree.createCopier(from, to);
  }
}

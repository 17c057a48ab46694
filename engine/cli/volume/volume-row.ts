import type { VolumeInspect } from "../../api/volume.ts";
import { goType, jsonText } from "../../base/template/template.ts";
import type { Headers } from "../format/rows.ts";
import { htmlSafeJson } from "../format/values.ts";

/** The columns of `docker volume ls`. */
export const volumeHeaders: Headers = {
  ID: "ID",
  Name: "VOLUME NAME",
  Group: "GROUP",
  Driver: "DRIVER",
  Scope: "SCOPE",
  Availability: "AVAILABILITY",
  Mountpoint: "MOUNTPOINT",
  Labels: "LABELS",
  Links: "LINKS",
  Size: "SIZE",
  Status: "STATUS",
};

/** What the list of volumes does not tell, or is about clusters. */
const UNKNOWN = "N/A";

/** A volume as templates of `docker volume ls` see it: a method for each column. */
export class VolumeRow {
  readonly [goType] = "*formatter.volumeContext";
  readonly #volume: VolumeInspect;

  constructor(volume: VolumeInspect) {
    this.#volume = volume;
  }

  Name(): string {
    return this.#volume.Name;
  }

  Driver(): string {
    return this.#volume.Driver;
  }

  Scope(): string {
    return this.#volume.Scope;
  }

  Mountpoint(): string {
    return this.#volume.Mountpoint;
  }

  Labels(): string {
    const pairs = Object.entries(this.#volume.Labels ?? {}).map(([name, value]) => `${name}=${value}`);
    return pairs.toSorted().join(",");
  }

  Label(name: string): string {
    return this.#volume.Labels?.[name] ?? "";
  }

  Links(): string {
    return UNKNOWN;
  }

  Size(): string {
    return UNKNOWN;
  }

  Group(): string {
    return UNKNOWN;
  }

  Availability(): string {
    return UNKNOWN;
  }

  Status(): string {
    return UNKNOWN;
  }

  [jsonText](): string {
    return htmlSafeJson({
      Availability: this.Availability(),
      Driver: this.Driver(),
      Group: this.Group(),
      Labels: this.Labels(),
      Links: this.Links(),
      Mountpoint: this.Mountpoint(),
      Name: this.Name(),
      Scope: this.Scope(),
      Size: this.Size(),
      Status: this.Status(),
    });
  }
}

import type { ImageSummary } from "../../api/image.ts";
import { shortId } from "../../base/identifier.ts";
import { familiarName, parseFamiliar, type Reference } from "../../base/reference.ts";
import { goType, jsonText } from "../../base/template/template.ts";
import { humanSize } from "../../base/units.ts";
import type { Headers } from "../format/rows.ts";
import { fullTime, htmlSafeJson, type RowOptions, since } from "../format/values.ts";

const SIZE_DIGITS = 3;
const NONE = "<none>";
const UNKNOWN = -1;
/** What the time 0001-01-01 is in seconds since 1970: an image that tells no date. */
const NO_DATE = -62135596800;

/** The columns of `docker images`. */
export const imageHeaders: Headers = {
  ID: "IMAGE ID",
  Repository: "REPOSITORY",
  Tag: "TAG",
  Digest: "DIGEST",
  CreatedSince: "CREATED",
  CreatedAt: "CREATED AT",
  Size: "SIZE",
  Containers: "CONTAINERS",
  VirtualSize: "SIZE",
  SharedSize: "SHARED SIZE",
  UniqueSize: "UNIQUE SIZE",
};

/** One name of an image. */
interface ImageName {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
}

/** One name of an image as templates of `docker images` see it: a method for each column. */
export class ImageRow {
  readonly [goType] = "*formatter.imageContext";
  readonly #image: ImageSummary;
  readonly #name: ImageName;
  readonly #options: RowOptions;

  constructor(image: ImageSummary, name: ImageName, options: RowOptions) {
    this.#image = image;
    this.#name = name;
    this.#options = options;
  }

  ID(): string {
    const { Id } = this.#image;
    return this.#options.truncate ? shortId(Id) : Id;
  }

  Repository(): string {
    return this.#name.repository;
  }

  Tag(): string {
    return this.#name.tag;
  }

  Digest(): string {
    return this.#name.digest;
  }

  CreatedSince(): string {
    const { Created: created } = this.#image;
    return created === NO_DATE ? "" : since(created, this.#options.now);
  }

  CreatedAt(): string {
    return fullTime(this.#image.Created, this.#options);
  }

  Size(): string {
    return humanSize(this.#image.Size, SIZE_DIGITS);
  }

  Containers(): string {
    const { Containers: count } = this.#image;
    return count === UNKNOWN ? "N/A" : String(count);
  }

  VirtualSize(): string {
    return humanSize(this.#image.Size);
  }

  SharedSize(): string {
    const { SharedSize: shared } = this.#image;
    return shared === UNKNOWN ? "N/A" : humanSize(shared);
  }

  UniqueSize(): string {
    const { Size: size, SharedSize: shared } = this.#image;
    return size === UNKNOWN || shared === UNKNOWN ? "N/A" : humanSize(size - shared);
  }

  [jsonText](): string {
    return htmlSafeJson({
      Containers: this.Containers(),
      CreatedAt: this.CreatedAt(),
      CreatedSince: this.CreatedSince(),
      Digest: this.Digest(),
      ID: this.ID(),
      Repository: this.Repository(),
      SharedSize: this.SharedSize(),
      Size: this.Size(),
      Tag: this.Tag(),
      UniqueSize: this.UniqueSize(),
      VirtualSize: this.VirtualSize(),
    });
  }
}

/** What of an image's digests is shown: rows of their own and a column, the column alone, or nothing. */
export type DigestUse = "rows" | "column" | "none";

/** The rows of an image: one for each of its names, or for each pair of name and digest where digests are shown. */
export function imageRows(image: ImageSummary, digests: DigestUse, options: RowOptions): ImageRow[] {
  return namesOf(image, digests).map(name => new ImageRow(image, name, options));
}

function namesOf({ RepoTags: tags, RepoDigests: references }: ImageSummary, use: DigestUse): ImageName[] {
  if ((tags ?? []).length === 0 && (references ?? []).length === 0) {
    return [{ repository: NONE, tag: NONE, digest: NONE }];
  }
  const digestsOf = byRepository(references ?? [], ({ digest }) => digest);
  const names: ImageName[] = [];
  for (const [repository, itsTags] of byRepository(tags ?? [], ({ tag }) => tag)) {
    const itsDigests = use === "none" ? [] : (digestsOf.get(repository) ?? []);
    digestsOf.delete(repository);
    for (const tag of itsTags) {
      for (const digest of itsDigests.length > 0 ? itsDigests : [NONE])
        names.push({ repository, tag, digest });
    }
  }
  for (const [repository, itsDigests] of digestsOf) {
    for (const digest of use === "rows" ? itsDigests : [""]) names.push({ repository, tag: NONE, digest });
  }
  return names;
}

/** References by their familiar name, each with the parts that `part` takes from them. */
function byRepository(
  texts: readonly string[],
  part: (reference: Reference) => string | undefined,
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const text of texts) {
    const reference = parseFamiliar(text);
    const value = part(reference);
    if (value === undefined) continue;
    const repository = familiarName(reference);
    found.set(repository, [...(found.get(repository) ?? []), value]);
  }
  return found;
}

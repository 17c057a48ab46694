import type { ImageHistoryItem } from "../../api/image.ts";
import { shortId } from "../../base/identifier.ts";
import { goType, jsonText } from "../../base/template/template.ts";
import { formatTimestamp } from "../../base/timestamp.ts";
import { humanSize } from "../../base/units.ts";
import { imageHistory } from "../../client/images.ts";
import { exactly } from "../arity.ts";
import { command } from "../command.ts";
import { imageNames } from "../completion/completers.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { FORMAT_HELP, NO_TRUNC_HELP } from "../format/help-texts.ts";
import { rowOptions } from "../format/row-options.ts";
import { type Headers, renderRows } from "../format/rows.ts";
import { htmlSafeJson, type RowOptions, since } from "../format/values.ts";
import { ellipsis } from "../text-width.ts";

const TABLE = "table {{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
const PLAIN_TABLE = "table {{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
const CREATED_BY_WIDTH = 45;
const SIZE_DIGITS = 3;
/** 2000-01-01 in seconds since 1970: older dates only stand for "reproducible". */
const EPOCH = 946684800;

const headers: Headers = {
  ID: "IMAGE",
  CreatedSince: "CREATED",
  CreatedAt: "CREATED AT",
  CreatedBy: "CREATED BY",
  Size: "SIZE",
  Comment: "COMMENT",
};

/** A step of an image as templates of `docker history` see it. */
class HistoryRow {
  readonly [goType] = "*image.historyContext";
  readonly #item: ImageHistoryItem;
  readonly #human: boolean;
  readonly #options: RowOptions;

  constructor(item: ImageHistoryItem, human: boolean, options: RowOptions) {
    this.#item = item;
    this.#human = human;
    this.#options = options;
  }

  ID(): string {
    const { Id } = this.#item;
    return this.#options.truncate ? shortId(Id) : Id;
  }

  CreatedAt(): string {
    const { Created: seconds } = this.#item;
    return formatTimestamp({ seconds, nanoseconds: 0 }, this.#options.zoneAt(seconds));
  }

  CreatedSince(): string {
    const { Created: created } = this.#item;
    if (!this.#human) return this.CreatedAt();
    return created <= EPOCH ? "N/A" : since(created, this.#options.now);
  }

  CreatedBy(): string {
    const text = this.#item.CreatedBy.replaceAll("\t", " ");
    return this.#options.truncate ? ellipsis(text, CREATED_BY_WIDTH) : text;
  }

  Size(): string {
    const { Size: size } = this.#item;
    return this.#human ? humanSize(size, SIZE_DIGITS) : String(size);
  }

  Comment(): string {
    return this.#item.Comment;
  }

  [jsonText](): string {
    return htmlSafeJson({
      Comment: this.Comment(),
      CreatedAt: this.CreatedAt(),
      CreatedBy: this.CreatedBy(),
      CreatedSince: this.CreatedSince(),
      ID: this.ID(),
      Size: this.Size(),
    });
  }
}

const flags = () => ({
  format: { type: string(), usage: FORMAT_HELP },
  human: { type: bool(true), short: "H", usage: "Sizes and dates for people" },
  "no-trunc": { type: bool(), usage: NO_TRUNC_HELP },
  quiet: { type: bool(), short: "q", usage: "Show only ids" },
});

export const historyCommand = command<ReturnType<typeof flags>>({
  summary: "Show the steps that made an image",
  spellings: "docker image history, docker history",
  arity: exactly(1),
  flags,
  complete: imageNames(1),
  async run(context, { values, positionals: [image = ""] }) {
    const { human, quiet, format } = values;
    const items = await imageHistory(context.client, image);
    const options = rowOptions(context, !values["no-trunc"]);
    const rows = items.map(item => new HistoryRow(item, human, options));
    const table = quiet ? "{{.ID}}" : human ? TABLE : PLAIN_TABLE;
    const text = format === "" || format === "table" ? table : format;
    await context.stdout.write(renderRows(text, rows, headers, context.templates));
  },
});

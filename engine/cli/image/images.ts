import { quote } from "../../base/quote.ts";
import { listImages } from "../../client/images.ts";
import { atMost } from "../arity.ts";
import { command } from "../command.ts";
import { filters } from "../flags/collection-types.ts";
import { bool, string } from "../flags/scalar-types.ts";
import { FILTER_HELP, FORMAT_HELP, NO_TRUNC_HELP } from "../format/help-texts.ts";
import { rowOptions } from "../format/row-options.ts";
import { renderRows } from "../format/rows.ts";
import { imageHeaders, imageRows } from "./image-row.ts";

const CREATED = "{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}";
const TABLE = `table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t${CREATED}\t{{.Size}}`;
const DIGEST_TABLE = `table {{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t${CREATED}\t{{.Size}}`;
const RAW_DIGEST = "digest: {{.Digest}}\n";

/** Subcommands of `docker image`: who writes one of them behind `docker images` has hardly meant a repository. */
const subcommands: ReadonlySet<string> = new Set(
  "build history import inspect list load ls prune pull push rm save tag".split(" "),
);

/** The template that a format's name stands for. */
function formatText(format: string, quiet: boolean, digests: boolean): string {
  if (format === "table") return quiet ? "{{.ID}}" : digests ? DIGEST_TABLE : TABLE;
  if (format === "raw") {
    if (quiet) return "image_id: {{.ID}}";
    return (
      `repository: {{ .Repository }}\ntag: {{.Tag}}\n${digests ? RAW_DIGEST : ""}` +
      "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n"
    );
  }
  const lacksDigest = digests && format.startsWith("table") && !format.includes("{{.Digest}}");
  return lacksDigest ? `${format}\t{{.Digest}}` : format;
}

const flags = () => ({
  all: { type: bool(), short: "a", usage: "Show all images (default hides intermediate images)" },
  digests: { type: bool(), usage: "Show digests" },
  filter: { type: filters(), short: "f", usage: FILTER_HELP },
  format: { type: string(), usage: FORMAT_HELP },
  "no-trunc": { type: bool(), usage: NO_TRUNC_HELP },
  quiet: { type: bool(), short: "q", usage: "Show only ids" },
});

export const imagesCommand = command<ReturnType<typeof flags>>({
  summary: "List images",
  spellings: "docker image ls, docker image list, docker images",
  arity: atMost(1),
  flags,
  async run(context, { values, positionals: [name = ""], calledAs }) {
    const { quiet, digests } = values;
    const filter = new Map(values.filter);
    if (name !== "") filter.set("reference", [...(filter.get("reference") ?? []), name]);
    const images = await listImages(context.client, { all: values.all, filters: filter });
    const asked = values.format || (quiet ? "" : context.config.imagesFormat) || "table";
    const format = formatText(asked, quiet, digests);
    const use = digests ? "rows" : format.includes("{{.Digest}}") ? "column" : "none";
    const options = rowOptions(context, !values["no-trunc"]);
    const rows = images.flatMap(image => imageRows(image, use, options));
    await context.stdout.write(renderRows(format, rows, imageHeaders, context.templates));
    if (images.length === 0 && calledAs === "images" && subcommands.has(name)) {
      const meant = `did you mean "docker image ${name}"?`;
      void context.stderr.line(`\nNo images found matching ${quote(name)}: ${meant}`);
    }
  },
});

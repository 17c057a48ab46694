import type { Manifest } from "./manifest.ts";
import type { Source } from "./recipe.ts";

/** The text of `THIRD_PARTY.md`: what others made of the files that a manifest lists. */
export function thirdPartyNotice(manifest: Manifest): string {
  const used = new Map<string, { readonly source: Source; readonly recipes: string[] }>();
  for (const [recipe, { sources }] of Object.entries(manifest.recipes)) {
    for (const source of sources) {
      const key = `${source.name} ${source.version}`;
      const entry = used.get(key) ?? { source, recipes: [] };
      entry.recipes.push(recipe);
      used.set(key, entry);
    }
  }
  const rows = [...used.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  return [
    ...heading,
    "| what | version | licence | Debian source package | part of |",
    "|---|---|---|---|---|",
    ...rows.map(
      ({ source, recipes }) =>
        `| ${source.name} | ${source.version} | ${source.licence} | ${source.source} | ${recipes.toSorted().join(", ")} |`,
    ),
    "",
  ].join("\n");
}

const heading = [
  "# Third-party software",
  "",
  "<!-- Written by `npm run images` from images/dist/manifest.json: do not edit. -->",
  "",
  "The files below `images/dist` are built from, or with, the software below, all of it from Debian. The full",
  "copyright notices and licences of each lie in `images/dist/copyright/<part>/`.",
  "",
  "To get the sources of one: on a Debian system whose package sources include `deb-src` entries for the suite,",
  "`apt-get source PACKAGE=VERSION`; versions that the mirrors no longer carry are kept by Debian's snapshot archive.",
  "What we change and how it is built is in this repository: the patches and `build.sh` scripts below `images/`.",
  "`npm run images` on a Debian host builds everything again.",
  "",
];

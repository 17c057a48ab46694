import { en } from "./en.ts";
import type { Language, Strings } from "./strings.ts";
import { zh } from "./zh.ts";

const CATALOGUE: Readonly<Record<Language, Strings>> = { en, zh };

/** Every language, in the order in which they are offered. */
export const LANGUAGES: readonly Language[] = ["en", "zh"];

export function stringsOf(language: Language): Strings {
  return CATALOGUE[language];
}

/** The first of a browser's preferred languages (BCP 47 tags) that the page speaks; English if it speaks none. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = LANGUAGES.find(known => tag.toLowerCase().split("-")[0] === known);
    if (language !== undefined) return language;
  }
  return "en";
}

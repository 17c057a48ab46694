import { type ReadonlySignal, type Signal, computed, effect, signal } from "@preact/signals";
import { LANGUAGES, preferredLanguage } from "./strings/catalogue.ts";
import type { Language } from "./strings/strings.ts";

export type Theme = "light" | "dark";
/** What a person may choose: `system` follows the computer. */
export type ThemeChoice = Theme | "system";

export const THEME_CHOICES: readonly ThemeChoice[] = ["system", "light", "dark"];

/** CSS pixels. */
export const FONT_SIZES = { least: 9, usual: 14, most: 28 } as const;

/** Where settings are kept: a browser's localStorage. */
export interface SettingsStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** What the computer prefers. */
export interface SystemPreferences {
  /** BCP 47 tags, the best first. */
  readonly languages: readonly string[];
  readonly theme: ReadonlySignal<Theme>;
}

const KEY = "drydock.settings";

/** What this visitor has chosen, kept from visit to visit. */
export class Settings {
  readonly themeChoice: Signal<ThemeChoice>;
  readonly language: Signal<Language>;
  readonly fontSize: Signal<number>;
  readonly screenReader: Signal<boolean>;
  /** The theme that the choice comes to. */
  readonly theme: ReadonlySignal<Theme>;

  constructor(store: SettingsStore, system: SystemPreferences) {
    const kept = read(store);
    this.themeChoice = signal(oneOf(THEME_CHOICES, kept["theme"]) ?? "system");
    this.language = signal(oneOf(LANGUAGES, kept["language"]) ?? preferredLanguage(system.languages));
    this.fontSize = signal(clampFontSize(kept["fontSize"]));
    this.screenReader = signal(kept["screenReader"] === true);
    this.theme = computed(() =>
      this.themeChoice.value === "system" ? system.theme.value : this.themeChoice.value,
    );
    let first = true;
    effect(() => {
      const chosen = JSON.stringify({
        theme: this.themeChoice.value,
        language: this.language.value,
        fontSize: this.fontSize.value,
        screenReader: this.screenReader.value,
      });
      // What nobody has chosen follows the browser at the next visit too.
      if (!first) write(store, chosen);
      first = false;
    });
  }

  /** Makes the terminal's text larger or smaller by `step` pixels, within reason. */
  changeFontSize(step: number): void {
    this.fontSize.value = clampFontSize(this.fontSize.value + step);
  }
}

function clampFontSize(size: unknown): number {
  if (typeof size !== "number" || !Number.isFinite(size)) return FONT_SIZES.usual;
  return Math.min(FONT_SIZES.most, Math.max(FONT_SIZES.least, Math.round(size)));
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find(choice => choice === value);
}

function read(store: SettingsStore): Readonly<Record<string, unknown>> {
  try {
    const kept: unknown = JSON.parse(store.getItem(KEY) ?? "{}");
    return typeof kept === "object" && kept !== null ? { ...kept } : {};
  } catch {
    return {}; // a browser that keeps nothing, or somebody else's words: start anew
  }
}

function write(store: SettingsStore, text: string): void {
  try {
    store.setItem(KEY, text);
  } catch {
    // Private windows may refuse: the choice then lasts as long as the page.
  }
}

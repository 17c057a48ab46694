import { signal } from "@preact/signals";
import { describe, expect, it } from "vitest";
import { Settings, type SettingsStore, type Theme } from "./settings.ts";

/** What a browser keeps, here for one test. */
function storeWith(text?: string): SettingsStore & { text: string | undefined } {
  return {
    text,
    getItem() {
      return this.text ?? null;
    },
    setItem(_key, value) {
      this.text = value;
    },
  };
}

const system = { languages: ["fr-CH", "zh-TW", "en"], theme: signal<Theme>("dark") };

describe("settings", () => {
  it("follow the computer until somebody chooses", () => {
    const theme = signal<Theme>("light");
    const settings = new Settings(storeWith(), { languages: ["fr-CH", "zh-TW", "en"], theme });
    expect(settings.language.value).toBe("zh");
    expect(settings.theme.value).toBe("light");
    theme.value = "dark";
    expect(settings.theme.value).toBe("dark");
    settings.themeChoice.value = "light";
    expect(settings.theme.value).toBe("light");
  });

  it("are kept from visit to visit, but not before they were changed", () => {
    const store = storeWith();
    const first = new Settings(store, system);
    expect(store.text).toBeUndefined();
    first.language.value = "en";
    first.themeChoice.value = "light";
    first.screenReader.value = true;
    const second = new Settings(store, system);
    expect([second.language.value, second.theme.value, second.screenReader.value]).toEqual([
      "en",
      "light",
      true,
    ]);
  });

  it.each(["no JSON", "[]", "null", '{"theme":"pink","language":7,"fontSize":"huge"}'])(
    "do not mind that %s was kept",
    text => {
      const settings = new Settings(storeWith(text), system);
      expect([settings.theme.value, settings.language.value, settings.fontSize.value]).toEqual([
        "dark",
        "zh",
        14,
      ]);
    },
  );

  it("keep the text between its limits", () => {
    const settings = new Settings(storeWith('{"fontSize":500}'), system);
    expect(settings.fontSize.value).toBe(28);
    for (let i = 0; i < 40; i++) settings.changeFontSize(-1);
    expect(settings.fontSize.value).toBe(9);
  });
});

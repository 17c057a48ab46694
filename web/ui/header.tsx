import type { JSX } from "preact";
import { usePlayground, useStrings } from "./context.ts";
import "./header.css";
import { Logo, MoonIcon, SunIcon } from "./icons.tsx";
import { LessonButton } from "./lesson/lesson-button.tsx";
import { MachineState } from "./machine-state.tsx";
import { PreviewButtons } from "./preview/preview-buttons.tsx";
import { ResetButton } from "./reset-button.tsx";
import { SaveMenu } from "./save-menu.tsx";
import { SettingsMenu } from "./settings-menu.tsx";

/** The bar at the top. */
export function Header(): JSX.Element {
  return (
    <header class="header">
      <h1 class="header-name">
        <Logo />
        Drydock
      </h1>
      <MachineState />
      <div class="header-actions">
        <PreviewButtons />
        <LessonButton />
        <SaveMenu />
        <ResetButton />
        <ThemeButton />
        <SettingsMenu />
      </div>
    </header>
  );
}

function ThemeButton(): JSX.Element {
  const { settings } = usePlayground();
  const strings = useStrings().settings;
  const dark = settings.theme.value === "dark";
  const label = dark ? strings.toLight : strings.toDark;
  const toggle = (): void => {
    settings.themeChoice.value = dark ? "light" : "dark";
  };
  return (
    <button
      type="button"
      class="button button-quiet button-icon"
      aria-label={label}
      title={label}
      onClick={toggle}
    >
      {dark ? <SunIcon /> : <MoonIcon />}
    </button>
  );
}

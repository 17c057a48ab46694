import type { JSX } from "preact";
import { Choice } from "./choice.tsx";
import { usePlayground, useStrings } from "./context.ts";
import { CloseIcon, SlidersIcon } from "./icons.tsx";
import { FONT_SIZES, THEME_CHOICES } from "./settings.ts";
import "./popover.css";
import "./settings-menu.css";
import { LANGUAGES, stringsOf } from "./strings/catalogue.ts";

const ID = "settings";
const TITLE_ID = "settings-title";

/** The button that opens the settings, and the settings. */
export function SettingsMenu(): JSX.Element {
  const strings = useStrings().settings;
  return (
    <>
      <button
        type="button"
        class="button button-quiet button-icon"
        popovertarget={ID}
        aria-label={strings.title}
        title={strings.title}
      >
        <SlidersIcon />
      </button>
      <div id={ID} popover="auto" class="popover" role="dialog" aria-labelledby={TITLE_ID}>
        <div class="popover-head">
          <h2 id={TITLE_ID}>{strings.title}</h2>
          <button
            type="button"
            class="button button-quiet button-icon"
            popovertarget={ID}
            popovertargetaction="hide"
            aria-label={strings.close}
          >
            <CloseIcon />
          </button>
        </div>
        <Choices />
        <FontSize />
        <ScreenReader />
        <Keys />
      </div>
    </>
  );
}

function Choices(): JSX.Element {
  const { settings } = usePlayground();
  const strings = useStrings().settings;
  return (
    <>
      <Choice
        name="theme"
        legend={strings.theme}
        choices={THEME_CHOICES}
        labelOf={choice => strings.themes[choice]}
        value={settings.themeChoice}
      />
      <Choice
        name="language"
        legend={strings.language}
        choices={LANGUAGES}
        labelOf={language => stringsOf(language).languageName}
        langOf={language => language}
        value={settings.language}
      />
    </>
  );
}

function FontSize(): JSX.Element {
  const { settings } = usePlayground();
  const strings = useStrings().settings;
  const size = settings.fontSize.value;
  return (
    <div class="settings-row" role="group" aria-labelledby="font-size">
      <span id="font-size">{strings.fontSize}</span>
      <span class="settings-stepper">
        <button
          type="button"
          class="button button-icon"
          aria-label={strings.smaller}
          disabled={size <= FONT_SIZES.least}
          onClick={() => settings.changeFontSize(-1)}
        >
          −
        </button>
        <output aria-live="polite">{size}</output>
        <button
          type="button"
          class="button button-icon"
          aria-label={strings.larger}
          disabled={size >= FONT_SIZES.most}
          onClick={() => settings.changeFontSize(1)}
        >
          +
        </button>
      </span>
    </div>
  );
}

function ScreenReader(): JSX.Element {
  const { settings } = usePlayground();
  const strings = useStrings().settings;
  return (
    <div class="settings-check">
      <label>
        <input
          type="checkbox"
          checked={settings.screenReader.value}
          aria-describedby="screen-reader-hint"
          onChange={event => {
            settings.screenReader.value = event.currentTarget.checked;
          }}
        />
        {strings.screenReader}
      </label>
      <p id="screen-reader-hint">{strings.screenReaderHint}</p>
    </div>
  );
}

function Keys(): JSX.Element {
  const strings = useStrings().settings;
  return (
    <section class="settings-keys">
      <h3>{strings.keys}</h3>
      <dl>
        {strings.keyList.map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(" ").map(key => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

import type { Signal } from "@preact/signals";
import type { JSX } from "preact";
import "./choice.css";

interface ChoiceProps<T extends string> {
  readonly name: string;
  readonly legend: string;
  readonly choices: readonly T[];
  readonly labelOf: (choice: T) => string;
  /** The language of a choice's label, where that is not the page's. */
  readonly langOf?: (choice: T) => string;
  readonly value: Signal<T>;
}

/** A few choices in a row, one of which holds. */
export function Choice<T extends string>(props: ChoiceProps<T>): JSX.Element {
  const { name, legend, choices, labelOf, langOf, value } = props;
  return (
    <fieldset class="choice">
      <legend>{legend}</legend>
      <div class="choice-row">
        {choices.map(choice => (
          <label key={choice} lang={langOf?.(choice)}>
            <input
              type="radio"
              name={name}
              checked={value.value === choice}
              onChange={() => {
                value.value = choice;
              }}
            />
            <span>{labelOf(choice)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

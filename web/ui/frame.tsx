import type { ComponentChildren, JSX } from "preact";
import "./frame.css";

export interface FrameProps {
  readonly header: ComponentChildren;
  /** Fills what the others leave. */
  readonly main: ComponentChildren;
  /** Places that take no room while there is nothing in them: lessons, preview, panels. */
  readonly left?: ComponentChildren;
  readonly right?: ComponentChildren;
  readonly bottom?: ComponentChildren;
}

/** The page's places. On narrow screens the side places lie above and below the main one. */
export function Frame({ header, main, left, right, bottom }: FrameProps): JSX.Element {
  return (
    <div class="frame">
      <div class="frame-header">{header}</div>
      {left === undefined ? null : <aside class="frame-left">{left}</aside>}
      <main class="frame-main">{main}</main>
      {right === undefined ? null : <aside class="frame-right">{right}</aside>}
      {bottom === undefined ? null : <aside class="frame-bottom">{bottom}</aside>}
    </div>
  );
}

import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useEffect } from "preact/hooks";
import { SHARE } from "../session/tabs.ts";
import { usePlayground, useStrings } from "./context.ts";

/** Where the halves of a split lie above each other: the same width as in workspace.css. */
const NARROW = "(max-width: 760px)";

/** The new share at a key; undefined for keys that mean nothing here. */
function moved(key: string, share: number): number | undefined {
  if (key === "ArrowLeft" || key === "ArrowUp") return share - SHARE.step;
  if (key === "ArrowRight" || key === "ArrowDown") return share + SHARE.step;
  if (key === "Home") return SHARE.least;
  if (key === "End") return SHARE.most;
  return key === "Enter" ? SHARE.usual : undefined;
}

function percent(share: number): number {
  return Math.round(share * 100);
}

/** The divider of a split tab: drag it, or move it with the arrow keys (the window splitter pattern of ARIA's guide). */
export function SplitDivider(): JSX.Element | null {
  const { tabs } = usePlayground().session;
  const label = useStrings().tabs.divider;
  const narrow = useNarrow();
  const tab = tabs.current.value;
  if (tab.terminals.value.length < 2) return null;
  const share = tab.share.value;
  const drag = (event: TargetedPointerEvent<HTMLElement>): void => {
    const room = event.currentTarget.parentElement?.getBoundingClientRect();
    if (room === undefined || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { clientX, clientY } = event;
    tabs.setShare(narrow ? (clientY - room.top) / room.height : (clientX - room.left) / room.width);
  };
  const takeKey = (event: TargetedKeyboardEvent<HTMLElement>): void => {
    const next = moved(event.key, share);
    if (next === undefined) return;
    event.preventDefault();
    tabs.setShare(next);
  };
  return (
    <div
      class="split-divider"
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={narrow ? "horizontal" : "vertical"}
      aria-valuenow={percent(share)}
      aria-valuemin={percent(SHARE.least)}
      aria-valuemax={percent(SHARE.most)}
      style={{ "--start": String(share) }}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onDblClick={() => tabs.setShare(SHARE.usual)}
      onKeyDown={takeKey}
    />
  );
}

function useNarrow(): boolean {
  const narrow = useSignal(matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const follow = (): void => {
      narrow.value = query.matches;
    };
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, [narrow]);
  return narrow.value;
}

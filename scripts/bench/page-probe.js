/**
 * Runs in a page before its own scripts, and notes when its machine says something. Leaves behind
 *
 * - `moments.firstWord`: a promise of the milliseconds from the navigation to the terminal's prompt, or to anything at
 *   all on the bare page;
 * - `moments.echo()`: a promise of the milliseconds from the key that was pressed last to the change of the terminal
 *   that followed it.
 */
{
  let settleFirst;
  const firstWord = new Promise(resolve => (settleFirst = resolve));
  let settleEcho;
  let echo;
  let pressed = 0;
  let before = "";
  Object.assign(globalThis, { moments: { firstWord, echo: () => echo } });

  const look = () => {
    const bare = document.querySelector("#console")?.textContent;
    const text = bare ?? document.querySelector("[data-ready=true] .xterm-rows")?.textContent ?? "";
    if (text === before) return;
    before = text;
    if (bare === undefined ? /\w@\w+:~#/.test(text) : text !== "") settleFirst(performance.now());
    settleEcho?.(performance.now() - pressed);
  };
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["data-ready"],
  });

  const press = event => {
    pressed = event.timeStamp;
    echo = new Promise(resolve => (settleEcho = resolve));
  };
  addEventListener("keydown", press, { capture: true });
}

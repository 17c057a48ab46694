import type { Language } from "./strings/strings.ts";

/** When something was, in `language`: the time of day, and the day where it is not today. `time` is in ms since 1970. */
export function moment(time: number, language: Language, now = Date.now()): string {
  const today = new Date(time).toDateString() === new Date(now).toDateString();
  const day: Intl.DateTimeFormatOptions = today ? {} : { dateStyle: "medium" };
  return new Intl.DateTimeFormat(language, { ...day, timeStyle: "short" }).format(time);
}

/** Bytes as megabytes with one decimal. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

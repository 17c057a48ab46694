/** A lesson in one language, as the site's list of lessons tells of it. */
export interface LessonText {
  readonly title: string;
  /** One line. */
  readonly summary: string;
  /** Its Markdown, relative to the list. */
  readonly file: string;
}

export interface Lesson {
  /** PART/LESSON, the names of its folders: "1-start/1-first-containers". */
  readonly id: string;
  /** How long it takes a learner. */
  readonly minutes: number;
  /** By the language's BCP 47 tag; English is always there. */
  readonly texts: Readonly<Record<string, LessonText>>;
}

/** All lessons of a site, in their order. */
export interface LessonIndex {
  readonly lessons: readonly Lesson[];
}

/** The text in `language`, or else in English. */
export function textOf(lesson: Lesson, language: string): LessonText {
  const text = lesson.texts[language] ?? lesson.texts["en"];
  if (text === undefined) throw new Error(`lesson ${lesson.id} has no English text`);
  return text;
}

/** Where lessons are read from. */
export interface LessonSource {
  index(): Promise<LessonIndex>;
  /** The Markdown of a text. */
  read(text: LessonText): Promise<string>;
}

/** Lessons below a URL that ends in a slash. What cannot be fetched rejects with the file's name. */
export function fetchLessons(base: URL): LessonSource {
  const get = async (file: string): Promise<Response> => {
    const response = await fetch(new URL(file, base));
    if (!response.ok) throw new Error(`${file}: ${response.status} ${response.statusText}`);
    return response;
  };
  return {
    index: async () => {
      const index: LessonIndex = await (await get("index.json")).json();
      return index;
    },
    read: async ({ file }) => (await get(file)).text(),
  };
}

import { afterAll, onTestFinished } from 'vitest';

type End = () => unknown;
/** Where ends are noted while something shared starts; else they belong to the test that runs. */
let noted: End[] | undefined;

/** Runs at the end of the test, or of the file for what its tests share. */
export function whenOver(end: End): void {
  if (noted) noted.push(end);
  else
    onTestFinished(async () => {
      await end();
    });
}

/**
 * One thing for the tests of a file that do not disturb each other, started by the first that needs it: a start costs
 * more than most of them. Called while the file is collected.
 */
export function shared<T>(start: () => Promise<T>): () => Promise<T> {
  const ends: End[] = [];
  let started: Promise<T> | undefined;
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  const first = async (): Promise<T> => {
    noted = ends;
    try {
      return await start();
    } finally {
      noted = undefined;
    }
  };
  return () => (started ??= first());
}

import type { Refusal } from '../../message/library.ts';

const ADVICE: Readonly<Record<Refusal, string>> = {
  too_large:
    'is larger than 20 MB (2 MB for Markdown): cut it into several files, or save its pictures smaller.',
  unsupported:
    'is by its content nothing that is read here: save it as PDF, DOCX, XLSX, CSV, HTML, TXT, Markdown, JPEG, PNG or WebP.',
  encrypted: 'is protected by a password: save it without one.',
  broken: 'is damaged or cut short: open it where it was made, save it again, and send that.',
  empty: 'holds no text that can be read: if it is a photograph or a scan, make a sharper one.',
  too_much:
    'holds more than is read of one file (1,000 pages, 60 scanned pages, 20,000 lines of a table): cut it into several.',
  timeout: 'takes longer than four minutes to read: cut it into several files.',
  memory:
    'needs more memory to read than it may have: cut it into several files, or save its pictures smaller.',
  failed:
    'could not be read, the reader ended: try again; if it repeats, save the file again in another format.',
  damaged: 'is no more on this disk as it came: send it again.',
};

const isRefusal = (reason: string): reason is Refusal => reason in ADVICE;

/** What a person must know and do: the file by its name, and why it is not answered from. */
export const refusalSentence = (file: string, reason: string | null): string =>
  reason !== null && isRefusal(reason) ? `"${file}" ${ADVICE[reason]}` : `"${file}": ${reason ?? 'refused.'}`;

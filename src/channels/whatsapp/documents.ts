import type { Document } from '../../message/outbound.ts';
import { SendError } from '../errors.ts';
import { child, fieldsOf } from '../fields.ts';
import type { Api } from './api.ts';
import { stringIn } from './fields.ts';

type Params = Record<string, unknown>;

/** WhatsApp takes few kinds of file; any text is taken as this one, and opens on every telephone. */
const TEXT = 'text/plain';
/** Uploads whose message has not left yet. */
const MOST_WAITING = 100;

/** The `document` object of a message: WhatsApp takes the file first, then a message with its id. */
export function documentContent({ name, text }: Document): Params {
  return { filename: name.endsWith('.txt') ? name : `${name}.txt`, text };
}

/**
 * Makes a call with a file of ours ready to be posted: uploads the file and puts its id in its place. A call that is made
 * again uploads nothing again. A failed upload is no uncertain message: nobody has seen anything.
 */
export function createDocuments(api: Pick<Api, 'upload'>) {
  const uploaded = new Map<string, string>();
  return {
    async ready(params: Params, signal: AbortSignal, reference: string | undefined): Promise<Params> {
      const document = child(fieldsOf(params) ?? {}, 'document');
      const text = document && stringIn(document, 'text');
      if (!document || text === undefined) return params;
      const filename = stringIn(document, 'filename') ?? 'document.txt';
      const id =
        (reference === undefined ? undefined : uploaded.get(reference)) ?? (await upload(filename, text));
      if (reference !== undefined) {
        if (uploaded.size >= MOST_WAITING) uploaded.clear();
        uploaded.set(reference, id);
      }
      return { ...params, document: { id, filename } };

      async function upload(name: string, words: string): Promise<string> {
        try {
          return await api.upload({ name, mime: TEXT, text: words }, { signal });
        } catch (error) {
          if (!(error instanceof SendError)) throw error;
          const { uncertain: _, ...policy } = error.policy;
          throw new SendError(error.code, error.message, policy);
        }
      }
    },
    /** Its message left. */
    sent(reference: string | undefined): void {
      if (reference !== undefined) uploaded.delete(reference);
    },
  };
}

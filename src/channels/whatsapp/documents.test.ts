import { describe, expect, test } from 'vitest';
import type { Document } from '../../message/outbound.ts';
import { plain } from '../../message/rich.ts';
import { SendError, type SendPolicy } from '../errors.ts';
import { createDocuments } from './documents.ts';
import { render } from './outbound.ts';

const document: Document = { name: 'mes-donnees.json', mime: 'application/json', text: '{"é":1}' };
const address = { channel: 'whatsapp', account: '1', chat: '221770000001', kind: 'private' as const };
const signal = new AbortController().signal;

const calls = () => render({ body: plain('Voici.'), document }, { address, part: () => '' });

test('a file goes after the words, under a name that every telephone opens', () => {
  expect(calls().map(({ params }) => params['type'])).toEqual(['text', 'document']);
  expect(calls().at(-1)?.params).toMatchObject({
    to: '221770000001',
    document: { filename: 'mes-donnees.json.txt', text: '{"é":1}' },
  });
  expect(calls().at(-1)?.fallback).toBeUndefined();
});

describe('before it is posted, the file is uploaded', () => {
  const params = (): Record<string, unknown> => calls().at(-1)?.params ?? {};
  const uploads = () => {
    const given: Document[] = [];
    const upload = (file: Document): Promise<string> => Promise.resolve(`id-${String(given.push(file))}`);
    return { given, documents: createDocuments({ upload }) };
  };

  test('as text, and its id takes its place', async () => {
    const { given, documents } = uploads();
    const ready = await documents.ready(params(), signal, 'o1');
    expect(given).toEqual([{ name: 'mes-donnees.json.txt', mime: 'text/plain', text: '{"é":1}' }]);
    expect(ready['document']).toEqual({ id: 'id-1', filename: 'mes-donnees.json.txt' });
    expect(JSON.stringify(ready)).not.toContain('é');
  });

  test('once for a call that is made again, anew for another', async () => {
    const { given, documents } = uploads();
    await documents.ready(params(), signal, 'o1');
    expect((await documents.ready(params(), signal, 'o1'))['document']).toMatchObject({ id: 'id-1' });
    await documents.ready(params(), signal, 'o2');
    documents.sent('o1');
    await documents.ready(params(), signal, 'o1');
    expect(given).toHaveLength(3);
  });

  test('a message without a file is left as it is', async () => {
    const { given, documents } = uploads();
    const text = calls()[0]?.params ?? {};
    expect(await documents.ready(text, signal, 'o1')).toBe(text);
    expect(given).toEqual([]);
  });

  test('a failed upload is no message of unknown fate', async () => {
    const policy: SendPolicy = { retryable: true, uncertain: true };
    const documents = createDocuments({
      upload: () => Promise.reject(new SendError('timeout', 'No answer.', policy)),
    });
    await expect(documents.ready(params(), signal, 'o1')).rejects.toMatchObject({
      code: 'timeout',
      policy: { retryable: true },
    });
    await expect(documents.ready(params(), signal, 'o1')).rejects.not.toHaveProperty('policy.uncertain');
  });
});

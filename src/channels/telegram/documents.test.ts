import { expect, test } from 'vitest';
import { plain } from '../../message/rich.ts';
import { formOf, withFile } from './documents.ts';
import { render } from './outbound.ts';

const document = { name: 'mes-"données".json', mime: 'application/json', text: '{"é":1}' };
const address = { channel: 'telegram', account: '1', chat: '700000001', kind: 'private' as const };

test('a file goes after the words, in a call of its own', () => {
  const choices = [[{ id: 'menu', label: 'Menu' }]];
  const calls = render({ body: plain('Voici.'), choices, document }, { address, part: () => '' });
  expect(calls.map(({ method }) => method)).toEqual(['sendMessage', 'sendDocument']);
  expect(calls[0]?.params['reply_markup']).toBeDefined();
  expect(calls[1]?.params).toEqual({ chat_id: 700000001, document });
});

test('it travels as a form; other calls have none', async () => {
  const { params, file } = withFile({ chat_id: 700000001, document });
  expect(params).toEqual({ chat_id: 700000001 });
  const form = formOf(params, file ?? document);
  expect(form.get('chat_id')).toBe('700000001');
  const sent = form.get('document');
  expect(sent).toMatchObject({ name: document.name });
  expect(typeof sent === 'string' ? sent : await sent?.text()).toBe(document.text);
  expect(withFile({ chat_id: 1, text: 'bonjour' })).toEqual({ params: { chat_id: 1, text: 'bonjour' } });
});

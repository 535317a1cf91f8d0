import { describe, expect, test } from 'vitest';
import { answererContract } from '../../../test/contracts/answerer.ts';
import { createEmbeddedAnswerer } from '../embedded.ts';
import { ask, clock, DESK, EXTRACT, KEY, opened, OWN, QUESTION, says } from './fixtures/scripted.ts';

answererContract('llm', async () => {
  const own = await createEmbeddedAnswerer({ folder: DESK, language: 'fr', clock });
  const { answerer } = await opened(says(`${EXTRACT} [1]`));
  return { answerer, close: () => own.close() };
});

describe('a good endpoint', () => {
  test('its words are shown, without citations, with the sources it cites', async () => {
    const { answerer, calls } = await opened(
      says(
        'Pour un adulte, l’abonnement annuel à la **BIB** coûte 12 500 F [1]. Il est gratuit avant 18 ans [1].',
      ),
    );
    const answer = await ask(answerer, QUESTION);
    expect(answer).toMatchObject({
      status: 'answered',
      body: 'Pour un adulte, l’abonnement annuel à la **BIB** coûte 12 500 F. Il est gratuit avant 18 ans.',
      sources: [{ document: 'bibliotheque', excerpt: OWN, effectiveDate: '2024-09-01' }],
    });
    expect(calls.map(({ url, authorization }) => [url, authorization])).toEqual([
      ['/v1/chat/completions', `Bearer ${KEY}`],
    ]);
  });

  test('an answer that cites an entry to be confirmed says so', async () => {
    const { answerer } = await opened(
      says('L’abonnement annuel à la PIS coûte 45 000 F pour un adulte [1].'),
    );
    expect(await ask(answerer, 'Quel est le tarif annuel de la PIS ?')).toMatchObject({
      body: 'L’abonnement annuel à la PIS coûte 45 000 F pour un adulte.\n\nÀ confirmer.',
    });
  });

  test('what leaves: the instructions, five passages at most, two questions without what names somebody', async () => {
    const { answerer, calls } = await opened(says('AUCUNE RÉPONSE'));
    await ask(
      answerer,
      'Je m’appelle Awa Démo, 77 000 00 01, awa@exemple.sn, carte SN-1234567 : quel est le tarif annuel de la BIB pour 2 enfants ?',
      {
        previous: { question: 'Et au +221 77 000 00 02 ?', topic: 'x' },
        session: 'session-0001',
        asker: 'person-0001',
      },
    );
    const sent = calls[0]?.body ?? '';
    for (const word of ['Awa', 'Démo', '77 000', 'exemple.sn', '1234567', 'session-0001', 'person-0001', KEY])
      expect(sent).not.toContain(word);
    expect(sent).toContain('pour 2 enfants');
    const body = JSON.parse(sent) as { messages: { role: string; content: string }[] };
    expect(Object.keys(body).sort()).toEqual(['max_tokens', 'messages', 'model', 'stream', 'temperature']);
    expect(body.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(
      (body.messages[1]?.content.match(/^§b0undary-of-th1s-call \[\d\]/gm) ?? []).length,
    ).toBeLessThanOrEqual(5);
  });

  test.each([
    ['', '/v1/chat/completions'],
    ['/v1/', '/v1/chat/completions'],
    ['/api/v4', '/api/v4/chat/completions'],
  ])('a base that ends in "%s" is called at %s', async (path, url) => {
    const { answerer, calls } = await opened(says(`${EXTRACT} [1]`), undefined, path);
    await ask(answerer, QUESTION);
    expect(calls[0]?.url).toBe(url);
  });

  test('a server that does not stream', async () => {
    const { answerer } = await opened((response) => {
      const choices = [
        {
          message: { role: 'assistant', content: `Voici : l’abonnement à la BIB coûte 12 500 F [1].` },
          finish_reason: 'stop',
        },
      ];
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ choices }));
    });
    expect(await ask(answerer, QUESTION)).toMatchObject({
      body: 'Voici : l’abonnement à la BIB coûte 12 500 F.',
    });
  });

  test('a server that refuses what is optional is asked without', async () => {
    const { answerer, calls } = await opened((response, call, n) => {
      if (call.body.includes('max_tokens')) {
        response.writeHead(400);
        response.end('{"error":{"message":"Unsupported parameter: max_tokens"}}');
      } else says('Oui : l’abonnement à la BIB coûte 12 500 F [1].')(response, call, n);
    });
    expect(await ask(answerer, QUESTION)).toMatchObject({
      body: 'Oui : l’abonnement à la BIB coûte 12 500 F.',
    });
    await ask(answerer, QUESTION);
    expect(calls).toHaveLength(3);
  });

  test('a request refused for itself changes nothing for the next', async () => {
    const { answerer, calls } = await opened((response, call, n) => {
      if (calls.length <= 2) {
        response.writeHead(400);
        response.end('{"error":{"message":"context length exceeded"}}');
      } else says('Oui : l’abonnement à la BIB coûte 12 500 F [1].')(response, call, n);
    });
    await ask(answerer, QUESTION);
    await ask(answerer, QUESTION);
    expect(calls.map(({ body }) => body.includes('max_tokens'))).toEqual([true, false, true]);
  });
});

describe('who is not asked about', () => {
  test.each([
    ['nothing near', 'Comment réparer une fusée spatiale en orbite ?', 'abstained'],
    ['what others hold', 'Où payer l’eau ?', 'redirected'],
    ['somebody’s own case', 'Où en est mon dossier ?', 'redirected'],
  ])('%s', async (_, question, status) => {
    const { answerer, calls } = await opened(says(`${EXTRACT} [1]`));
    expect(await ask(answerer, question)).toMatchObject({ status });
    expect(calls).toHaveLength(0);
  });

  test('a file that somebody sent never leaves', async () => {
    const { answerer, calls } = await opened(says(`${EXTRACT} [1]`));
    const bytes = Buffer.from('Attestation de Moussa Fictif. Le montant dû pour la cantine est de 4 321 F.');
    const signal = new AbortController().signal;
    await answerer.keep({ session: 's1', id: 'd1', bytes, name: 'cantine.txt' }, signal);
    const answer = await ask(answerer, 'Quel est le montant dû pour la cantine ?', { session: 's1' });
    expect(answer).toMatchObject({
      body: expect.stringContaining('4 321') as unknown,
      sources: [{ own: true }],
    });
    expect(calls).toHaveLength(0);
  });
});

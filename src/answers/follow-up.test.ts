import { beforeAll, describe, expect, test } from 'vitest';
import { nameOf, tellMore } from './follow-up.ts';
import { passage } from './fixtures/passage.ts';
import type { Passage } from './ingest/passage.ts';
import { findInContext } from './in-context.ts';
import type { Retriever } from './retrieval/retriever.ts';
import { createRetriever } from './retrieval/retriever.ts';

const long = 'Cette phrase remplit la page du règlement et ne sert à rien d’autre. '.repeat(8).trim();
const part = (id: string, title: string, text: string, more: Partial<Passage> = {}): Passage => {
  const [document = ''] = id.split('#');
  const of = { id, document, documentTitle: `Titre ${document}`, section: title };
  return passage(title, text, { ...of, kind: 'document', ...more });
};
const PASSAGES = [
  part(
    'bassin#1',
    'Entrée du bassin',
    `${long} L’entrée du bassin coûte 700 F. Le bassin ferme à 18 heures.`,
  ),
  part('bassin#2', 'Bonnet', 'Le bonnet est obligatoire.'),
  part('bassin#3', 'Qui garde les vestiaires ?', 'Le gardien.', { kind: 'faq' }),
  part('zoo#1', 'Quels documents pour la carte du zoo ?', 'Une photo et 300 F.', { kind: 'faq' }),
  part('zoo#2', 'Quels documents pour la carte du musée ?', 'Un justificatif.', { kind: 'faq' }),
  part('zoo#3', 'Qui soigne les lions ?', 'Voyez le vétérinaire.', { kind: 'redirect' }),
];
let index: Retriever;
beforeAll(async () => {
  index = await createRetriever(PASSAGES);
});
const name = (id: string): string => {
  const found = PASSAGES.find((one) => one.id === id);
  return found ? nameOf(found) : id;
};
const more = (said: string[], question = 'Combien coûte l’entrée du bassin ?') =>
  tellMore(
    index,
    { text: 'pourquoi ?', language: 'fr', previous: { question }, more: { said: said.map(name) } },
    (body) => body,
  );

describe('more of what was said', () => {
  test('is the rest of the passage, then the passage after it, each with its source', () => {
    const rest = more(['bassin#1']);
    expect(rest).toMatchObject({
      status: 'answered',
      sources: [{ passage: name('bassin#1'), section: 'Entrée du bassin' }],
    });
    expect(JSON.stringify(rest)).not.toContain('700 F');
    expect(more(['bassin#1', 'bassin#1'])).toMatchObject({
      status: 'answered',
      body: 'Le bonnet est obligatoire.',
      sources: [{ passage: name('bassin#2'), document: 'bassin' }],
    });
  });

  test('an entry stands alone: those beside it are offered, never said', () => {
    expect(more(['bassin#2'])).toEqual({
      status: 'abstained',
      confidence: 0,
      suggestions: [
        { title: 'Qui garde les vestiaires ?', document: 'bassin' },
        { title: 'Entrée du bassin', document: 'bassin' },
      ],
    });
    expect(more(['zoo#1'])).toMatchObject({
      suggestions: [{ title: 'Quels documents pour la carte du musée ?' }],
    });
  });

  test.each([[[]], [['gone#4']], [['bassin#1', 'gone#4']]])('%j is not known any more', (said) => {
    expect(more(said)).toMatchObject({ status: 'abstained', suggestions: [] });
  });
});

test('a document that was read anew since goes on in no other passage', async () => {
  const [first, ...others] = PASSAGES;
  if (!first) throw new Error('There is no passage.');
  const now = await createRetriever([
    part('bassin#1', 'Préambule', 'Un avant-propos.'),
    { ...first, id: 'bassin#2' },
    ...others.slice(2),
  ]);
  const said = [nameOf(first)];
  const question = {
    text: 'et après ?',
    language: 'fr',
    previous: { question: 'L’entrée ?' },
    more: { said },
  };
  expect(tellMore(now, question, (body) => body)).toMatchObject({ status: 'abstained', suggestions: [] });
});

describe('a question in its context', () => {
  const first = (text: string, previous?: string, corrects?: true) =>
    findInContext(
      index,
      { text, ...(previous !== undefined && { previous: { question: previous } }), corrects },
      1,
    ).results[0]?.id;

  test.each<[string, string | undefined, true | undefined, string]>([
    ['Quels documents pour la carte du zoo ?', undefined, undefined, 'zoo#1'],
    ['Quels documents faut-il ?', 'Comment avoir la carte du musée ?', undefined, 'zoo#2'],
    ['le musée', 'Quels documents pour la carte du zoo ?', true, 'zoo#2'],
    ['le bonnet', 'Quels documents pour la carte du zoo ?', true, 'bassin#2'],
  ])('%j after %j', (text, previous, corrects, id) => {
    expect(first(text, previous, corrects)).toBe(id);
  });
});

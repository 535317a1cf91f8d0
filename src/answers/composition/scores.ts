import { answersType, evidenceOf } from '../retrieval/evidence.ts';
import { words } from '../retrieval/fold.ts';
import { grams, root, stem } from '../retrieval/views.ts';
import type { Asked } from './compose.ts';
import type { Unit } from './units.ts';

interface Word {
  stem: string;
  root: string;
  grams: string[];
  weight: number;
}

const wordsOf = (asked: Asked): Word[] =>
  [...new Set(asked.content)].map((form) => ({
    stem: stem(form),
    root: root(stem(form)),
    grams: grams(form),
    weight: asked.weight(form),
  }));

/** Each unit against the question: shared stems and families, spelling, the kind of evidence asked for, place. */
export function scores(units: readonly Unit[], asked: Asked): number[] {
  const question = wordsOf(asked);
  const mass = Math.max(
    1e-9,
    question.reduce((sum, word) => sum + word.weight, 0),
  );
  return units.map((unit, index) => {
    const forms = words(unit.plain);
    const stems = new Set(forms.map(stem));
    const roots = new Set([...stems].map(root));
    const held = new Set(forms.flatMap(grams));
    let overlap = 0;
    for (const word of question) {
      const spelled = word.grams.filter((gram) => held.has(gram)).length / word.grams.length;
      overlap +=
        word.weight * Math.max(stems.has(word.stem) ? 1 : 0, roots.has(word.root) ? 0.7 : 0, 0.5 * spelled);
    }
    const evidence = answersType(asked.type, evidenceOf(unit.markdown));
    const tooShort = forms.length < 4 ? 0.15 : 0;
    return overlap / mass + 0.3 * evidence + (index === 0 ? 0.12 : 0) - tooShort;
  });
}

/** Which units hold the most of those words of the question that most of the others lack: the rows that were asked for. */
export function setApart(units: readonly Unit[], asked: Asked): boolean[] {
  const held = units.map(({ plain }) => new Set(words(plain).map((form) => root(stem(form)))));
  const telling = wordsOf(asked).filter((word) => {
    const holders = held.filter((roots) => roots.has(word.root)).length;
    return holders > 0 && holders < units.length / 2;
  });
  const weights = held.map((roots) =>
    telling.reduce((sum, word) => sum + (roots.has(word.root) ? word.weight : 0), 0),
  );
  const most = Math.max(0, ...weights);
  return weights.map((weight) => most > 0 && weight === most);
}

export function indexOfMax(values: readonly number[]): number {
  return values.reduce((best, value, index) => (value > (values[best] ?? -Infinity) ? index : best), 0);
}

/**
 * Quality and speed of answers.
 *   node bench/answers.ts                                    each desk on its own questions.jsonl
 *   node bench/answers.ts --desk desks/css --questions FILE.jsonl [--verbose]
 *   node bench/answers.ts --eval DIR --corpus piaf,covid [--split dev] [--limit 1000] [--phrasings 8]
 *   node --expose-gc bench/answers.ts --scale 1000,10000,100000
 * DIR (or GUICHET_EVAL_DATA) holds public sets as <corpus>.json: docs [{doc, title, text}], queries [{q, rel, split}].
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scoreDesk } from './answers/desk.ts';
import { scorePublicSet } from './answers/public.ts';
import { scoreScale } from './answers/scale.ts';

const { values } = parseArgs({
  options: {
    desk: { type: 'string' },
    questions: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    eval: { type: 'string', default: process.env['GUICHET_EVAL_DATA'] ?? '' },
    corpus: { type: 'string' },
    split: { type: 'string', default: 'test' },
    limit: { type: 'string', default: '1000000' },
    phrasings: { type: 'string', default: '0' },
    scale: { type: 'string' },
  },
});

const print = (lines: readonly string[]): void => {
  process.stdout.write(`${lines.join('\n')}\n`);
};

if (values.corpus !== undefined) {
  if (values.eval === '') throw new Error('Say where the public sets are: --eval DIR, or GUICHET_EVAL_DATA.');
  for (const corpus of values.corpus.split(',')) {
    print(
      await scorePublicSet({
        dir: values.eval,
        corpus,
        split: values.split,
        limit: Number(values.limit),
        phrasings: Number(values.phrasings),
      }),
    );
  }
} else if (values.scale !== undefined) {
  for (const count of values.scale.split(',')) print(await scoreScale(Number(count)));
} else {
  const desks =
    values.desk === undefined ? readdirSync('desks').map((name) => join('desks', name)) : [values.desk];
  for (const desk of desks) {
    const questions = values.questions ?? join(desk, 'questions.jsonl');
    if (existsSync(questions) && existsSync(join(desk, 'documents')))
      print(await scoreDesk(desk, questions, values.verbose));
    else if (values.desk !== undefined)
      throw new Error(`No ${questions}, or no documents in ${desk}: name the desk's folder.`);
  }
}
print([`RSS ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`]);

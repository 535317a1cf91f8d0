import { share, type Judged, type Report, type Tally } from '../answers/evaluation/evaluate.ts';
import { oneLine } from '../lib/redact.ts';

const WIDTH = 20;

/** The table of a run: one line per way of writing, its share as a bar, and what changed since the last saved run. */
export function reportLines(now: Report, before: Report | undefined): string[] {
  const half = (key: 'answerable' | 'unanswerable', title: string, wrong: string): string[] => {
    if (now[key].asked === 0) return [];
    const rows = Object.entries(now.styles).filter(([, each]) => each[key].asked > 0);
    return [
      `${title.padEnd(24)}${['asked', 'right', wrong, 'abstained', 'redirected'].map((each) => each.padStart(11)).join('')}`,
      ...rows.map(([style, each]) => line(style, each[key], before?.styles[style]?.[key])),
      line('in all', now[key], before?.[key]),
    ];
  };
  return [
    ...half('answerable', 'The documents answer', 'wrong'),
    '',
    ...half('unanswerable', 'They hold no answer', 'answered'),
  ];
}

function line(name: string, tally: Tally, before: Tally | undefined): string {
  const { asked, right, wrong, abstained, redirected } = tally;
  const figures = [asked, right, wrong, abstained, redirected]
    .map((each) => String(each).padStart(11))
    .join('');
  const full = Math.round(share(tally) * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  return `  ${name.padEnd(22)}${figures}  ${bar} ${percent(share(tally)).padStart(6)}${change(tally, before)}`;
}

function change(now: Tally, before: Tally | undefined): string {
  if (!before || before.asked === 0) return '';
  const points = 100 * (share(now) - share(before));
  if (Math.abs(points) < 0.05) return '   =';
  return `   ${points > 0 ? '+' : '−'}${Math.abs(points).toFixed(1)}`;
}

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;

export function failureLine({ asked: { id, question }, verdict, answer }: Judged): string {
  const confidence = 'confidence' in answer ? ` ${answer.confidence.toFixed(2)}` : '';
  const source = 'sources' in answer ? answer.sources[0] : undefined;
  const from = source
    ? ` ← ${source.document}${source.section === undefined ? '' : ` · ${source.section}`}`
    : '';
  return oneLine(`  ${verdict.padEnd(10)} ${id}  ${question}${confidence}${from}`);
}

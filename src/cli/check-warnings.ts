import type { Passage } from '../answers/ingest/passage.ts';
import { sharedPhrasings } from '../answers/library/shared.ts';
import type { Desk, PageView } from '../desk/desk.ts';
import { fill } from '../message/rich.ts';
import { flatten } from '../message/styled.ts';

/** What a desk can run with and should not: sentences for whoever writes it. */
export const checkWarnings = (desk: Desk, passages: readonly Passage[]): string[] => [
  ...contactWarnings(desk),
  ...sharedPhrasings(passages).map(
    ({ phrasing, entries }) =>
      `"${phrasing}" asks for ${entries.map(nameOf).join(' and ')}: whoever writes it gets one of them, by chance. Leave it to one.`,
  ),
];

const nameOf = ({ document, title }: Passage): string => `"${title}" of documents/${document}`;

const TO_REACH = ['telephone', 'courriel', 'adresse', 'site'] as const;
/** A number, an address of e-mail or of the web. */
const REACHABLE = /(?:\d[ .-]?){9,}|@|https?:|www\./;

/** Every "I do not know" sends people to the contact page. */
function contactWarnings({ languages, values, contact }: Desk): string[] {
  const given = TO_REACH.flatMap((name) => values[name] ?? []);
  const reaches = ({ text, buttons }: PageView): boolean => {
    const { text: shown, spans } = flatten(fill(text, values));
    return (
      REACHABLE.test(shown) ||
      spans.some(({ url }) => url !== undefined) ||
      given.some((value) => shown.includes(value)) ||
      buttons.flat().some(({ url }) => url !== undefined)
    );
  };
  return [...languages].flatMap(([tag, { pages }]) => {
    const page = pages.get(contact);
    if (page === undefined || [page.view, page.full].some((view) => view !== undefined && reaches(view)))
      return [];
    return [
      `The page "${contact}" (${tag}) gives nobody to reach, and people who get no answer are sent there: write telephone, or courriel, adresse or site, under values in desk.yaml.`,
    ];
  });
}

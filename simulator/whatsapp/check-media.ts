import type { Fields } from './fields.ts';
import { badValue, missing } from './graph-error.ts';
import { kindsOf, limitOf, limits } from './limits.ts';
import type { MediaKind } from './limits.ts';
import type { Content } from './message.ts';
import type { SimMedia } from './store.ts';

export type FindMedia = (id: string) => SimMedia | undefined;

/** `extra`: keys beside `id` and `link`. */
export function checkMedia(
  parent: Fields,
  kind: MediaKind,
  extra: readonly string[],
  find: FindMedia,
): Content {
  const media = parent.object(kind, ['id', 'link', ...extra]);
  if (media.has('id') && media.has('link'))
    throw badValue(`Param ${media.path} takes an id or a link, not both.`);
  if (!media.has('id') && !media.has('link')) throw missing(`Param ${media.path} must have an id or a link.`);
  const caption = media.optionalText('caption', limits.caption);
  if (caption?.trim() === '') media.report('caption', `${media.at('caption')} is blank: leave it out`);
  const name = media.optionalText('filename', limits.fileName);
  if (kind === 'document' && name === undefined)
    media.report('filename', `${media.path} has no filename: it is shown as "Untitled"`);
  const shown = {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(media.flag('voice') ? { voice: true } : {}),
  };
  const base = { kind, text: caption ?? '' };
  if (!media.has('id')) return { ...base, media: { ...shown, link: media.link('link') } };
  const id = media.label('id', 100);
  if (!find(id)) throw badValue(`Param ${media.at('id')}: no media ${id}, or no longer kept.`);
  return { ...base, media: { ...shown, id } };
}

/** What Meta finds when it fetches the media, after the 200: 131053 when it is not of this kind, or too large. */
export function mediaFailure({ media }: Content, find: FindMedia): number | undefined {
  const found = media?.id === undefined ? undefined : find(media.id);
  if (!media || !found) return undefined;
  const fits =
    kindsOf(found.mime).includes(media.kind) && found.bytes.byteLength <= limitOf(media.kind, found.bytes);
  return fits ? undefined : 131053;
}

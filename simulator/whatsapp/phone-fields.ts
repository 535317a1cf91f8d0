import { isObject } from '../shared/json.ts';
import type { JsonObject } from '../shared/json.ts';
import { isMediaKind } from './limits.ts';
import type { SimMessage } from './message.ts';

/** What the webhook gets of the choice `id` that a message offers. */
export function answerTo(
  { kind, buttons, list }: SimMessage,
  id: string,
): { title: string; fields: JsonObject } | undefined {
  const button = buttons?.find((choice) => choice.id === id);
  if (button && kind === 'template')
    return { title: button.title, fields: { type: 'button', button: { payload: id, text: button.title } } };
  if (button)
    return {
      title: button.title,
      fields: { type: 'interactive', interactive: { type: 'button_reply', button_reply: { ...button } } },
    };
  const row = list?.sections.flatMap(({ rows }) => rows).find((choice) => choice.id === id);
  if (!row) return undefined;
  return {
    title: row.title,
    fields: { type: 'interactive', interactive: { type: 'list_reply', list_reply: { ...row } } },
  };
}

/** Of `contacts`. */
export const card = (name: string, phone: { phone: string; wa_id?: string }): JsonObject => ({
  name: { formatted_name: name, first_name: name },
  phones: [{ ...phone, type: 'CELL' }],
});

/** An edited message, whole: a text, or a media whose caption it is. */
export function editedFields({ payload }: SimMessage, text: string): JsonObject {
  const { type } = payload;
  if (type === 'text') return { type, text: { body: text } };
  const media = typeof type === 'string' && isMediaKind(type) ? payload[type] : undefined;
  if (typeof type !== 'string' || !isObject(media) || !CAPTIONED.includes(type))
    throw new Error('only a text or a caption can be edited');
  return { type, [type]: { ...media, caption: text } };
}

/** The others come without words; only a document has a file name. */
export const CAPTIONED: readonly string[] = ['image', 'video', 'document'];

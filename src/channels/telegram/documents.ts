import { FormData } from 'undici';
import type { Document, PlatformCall } from '../../message/outbound.ts';
import { child, fieldsOf, stringIn } from '../fields.ts';
import type { Params } from './keyboards.ts';

/** A file of ours as one call; its bytes travel with the call's row until it is sent. */
export function documentCall(chat: number, { name, mime, text }: Document): PlatformCall {
  return { method: 'sendDocument', params: { chat_id: chat, document: { name, mime, text } } };
}

/** The parameters of such a call, and its file apart: `multipart/form-data` is the only way Telegram takes one. */
export function withFile(params: Readonly<Params>): { params: Params; file?: Document } {
  const { document: _, ...rest } = params;
  const given = child(fieldsOf(params) ?? {}, 'document');
  const text = given && stringIn(given, 'text');
  if (!given || text === undefined) return { params: { ...params } };
  const name = stringIn(given, 'name') ?? 'document.txt';
  const mime = stringIn(given, 'mime') ?? 'text/plain';
  return { params: rest, file: { name, mime, text } };
}

export function formOf(params: Readonly<Params>, { name, mime, text }: Document): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(params))
    form.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  form.set('document', new Blob([text], { type: mime }), name);
  return form;
}

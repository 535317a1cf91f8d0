import type { JsonObject } from '../shared/json.ts';
import type { MediaKind } from './limits.ts';

export interface Choice {
  id: string;
  title: string;
}

export interface ListRow extends Choice {
  description?: string;
}

export interface ShownList {
  /** What opens it. */
  button: string;
  sections: { title?: string; rows: ListRow[] }[];
}

export interface ShownMedia {
  kind: MediaKind;
  /** Absent when it was given by a link. */
  id?: string;
  link?: string;
  name?: string;
  voice?: boolean;
}

export type Status = 'sent' | 'delivered' | 'read' | 'failed';

/** What a message shows. `text` is its body, or the caption of its media. */
export interface Content {
  /** text, interactive, image, template… */
  kind: string;
  text: string;
  header?: string;
  footer?: string;
  buttons?: Choice[];
  list?: ShownList;
  url?: { text: string; url: string };
  media?: ShownMedia;
  /** Asks for the phone number, or for the place. */
  asks?: 'contact' | 'location';
  reaction?: { to: string; emoji: string };
}

export interface SimMessage extends Content {
  /** wamid */
  id: string;
  from: 'bot' | 'user';
  /** ms, of the simulator's clock. */
  at: number;
  /** wamid of the message it answers. */
  replyTo?: string;
  /** As sent to the API, or as delivered to the webhook. */
  payload: JsonObject;
  /** Of the bot's messages; absent: accepted, nothing more is known. */
  status?: Status;
  /** Code of its failure: the person never sees it. Known here before the status tells it. */
  error?: number;
  edited?: true;
  revoked?: true;
  /** `biz_opaque_callback_data` */
  callbackData?: string;
  /** How the bot addressed it. */
  target?: Target;
}

/** The person sees it, or will. */
export const reaches = ({ from, error }: SimMessage): boolean => from === 'bot' && error === undefined;

export type Target = { by: 'to'; wa_id: string } | { by: 'recipient'; user_id: string };

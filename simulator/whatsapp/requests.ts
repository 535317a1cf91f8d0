import type { Answer, Bench } from './support.ts';

/** Bodies that tests send again and again, and the sending of them. */
export function requests(it: () => Bench, to: string | undefined) {
  const send = (body: object): Promise<Answer> => it().send({ to, ...body });
  const interactive = (body: object): Promise<Answer> => send({ type: 'interactive', interactive: body });
  return {
    send,
    interactive,
    buttons: (...pairs: [string, string][]) =>
      interactive({
        type: 'button',
        body: { text: 'Choisissez' },
        action: { buttons: pairs.map(([id, title]) => button(id, title)) },
      }),
    list: (sections: object[], label = 'Voir') =>
      interactive({ type: 'list', body: { text: 'Menu' }, action: { button: label, sections } }),
    template: (name: string, code: string, ...components: object[]) =>
      send({ type: 'template', template: { name, language: { code }, components } }),
  };
}

export const button = (id: string, title: string) => ({ type: 'reply', reply: { id, title } });

export const row = (id: string, title = id, description?: string) => ({
  id,
  title,
  ...(description && { description }),
});

export const rows = (n: number, from = 0) => Array.from({ length: n }, (_, i) => row(`r${from + i}`));

export const text = (length: number): string => 'x'.repeat(length);

/** The `body` component of a template. */
export const body = (...texts: string[]) => ({
  type: 'body',
  parameters: texts.map((value) => ({ type: 'text', text: value })),
});

/** The person asks for the number of who hides theirs. */
export const askContact = {
  type: 'request_contact_info',
  body: { text: 'Votre numéro ?' },
  action: { name: 'request_contact_info' },
};

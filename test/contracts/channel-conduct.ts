import { expect } from 'vitest';
import { SendError } from '../../src/channels/errors.ts';
import type { PlatformCall } from '../../src/message/outbound.ts';
import { plain } from '../../src/message/rich.ts';
import type { Rule } from './channel.ts';
import type { House, Refusal } from './channel-house.ts';

async function message(house: House): Promise<PlatformCall> {
  await house.after(() => house.person.says('Bonjour'));
  const [call] = house.render({ body: plain('Voici la réponse') });
  if (!call) throw new Error('nothing to send');
  return call;
}

const refusals: [how: Refusal, policy: object][] = [
  ['throttled', { retryable: true, retryAfter: expect.any(Number) as number }],
  ['server error', { retryable: true }],
  ['proxy page', { retryable: true, uncertain: true }],
  ['token revoked', { alarm: true, scope: 'account', retryAfter: expect.any(Number) as number }],
  ['lost before', { retryable: true, uncertain: true }],
  ['lost after', { retryable: true, uncertain: true }],
];

export const conductRules: Rule[] = [
  ...refusals.map(([how, policy]): Rule => ({
    name: `a message refused (${how}) says what to do`,
    async holds(house) {
      const call = await message(house);
      house.refuses(how);
      const error = await house.failure(house.channel.send(call, AbortSignal.timeout(5000)));
      expect(error.policy).toMatchObject(policy);
      expect(house.screen.texts()).toEqual(how === 'lost after' ? ['Voici la réponse'] : []);
      await house.send(call);
      expect(house.screen.texts().at(-1)).toBe('Voici la réponse');
    },
  })),
  {
    name: 'a person who blocked us cannot be reached any more',
    async holds(house) {
      const call = await message(house);
      house.person.blocks();
      const refused = await house.channel.send(call, AbortSignal.timeout(5000)).then(
        () => undefined,
        (error: unknown) => error,
      );
      const policy =
        refused instanceof SendError
          ? refused.policy
          : (
              await house.until(
                () => house.items.find((item) => item.status?.state === 'failed')?.status?.error,
              )
            ).policy;
      expect(policy).toMatchObject({ unreachable: true, retryable: false });
    },
  },
  {
    name: 'a platform that is down was sent nothing',
    async holds(house) {
      const call = await message(house);
      await house.goesDown();
      const error = await house.failure(house.channel.send(call, AbortSignal.timeout(5000)));
      expect(error.policy).toEqual({ retryable: true, scope: 'account' });
    },
  },
  {
    name: 'a call that is given up is uncertain, one given up before it starts is not',
    async holds(house) {
      const call = await message(house);
      const error = await house.failure(house.channel.send(call, AbortSignal.abort()));
      expect(error.policy).toEqual({ retryable: true });
      expect(house.screen.texts()).toEqual([]);
    },
  },
  {
    name: 'after the stop nothing is sent, fetched or stored',
    async holds(house) {
      const call = await message(house);
      const { channel } = house;
      await channel.stop();
      const signal = AbortSignal.timeout(5000);
      for (const refused of [
        channel.send(call, signal),
        channel.fetchMedia({ kind: 'photo', ref: '1234567890123456' }, { maxBytes: 10, signal }),
      ])
        expect((await house.failure(refused)).policy).toEqual({ retryable: true });
      const stored = house.items.length;
      const body = house.webhooks[0]?.body ?? Buffer.alloc(0);
      expect((await house.post(body, house.sign(body))).status).toBe(503);
      expect(house.items).toHaveLength(stored);
      expect(house.screen.texts()).toEqual([]);
    },
  },
  {
    name: 'it says who it is and what it can do',
    holds: ({ channel }) => {
      expect(channel.name).toMatch(/^[a-z]+$/);
      expect(channel.title).toMatch(/^[A-Z]/);
      expect(channel.account).toMatch(/^\d+$/);
      const { textLimit, choices, rate, limits = {} } = channel.capabilities;
      const numbers = [textLimit, choices.total, choices.perRow, choices.label, rate.perSecond];
      for (const number of [...numbers, ...Object.values(limits)]) expect(number).toBeGreaterThan(0);
      for (const route of channel.routes) expect(route.path).toMatch(/^\/[a-z0-9/-]+$/);
      return Promise.resolve();
    },
  },
];

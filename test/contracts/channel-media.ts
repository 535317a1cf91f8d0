import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import type { FetchedMedia } from '../../src/channels/channel.ts';
import type { MediaRef } from '../../src/message/event.ts';
import type { Rule } from './channel.ts';
import type { House } from './channel-house.ts';

const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251);

async function received(house: House): Promise<MediaRef> {
  const item = await house.after(() => house.person.sends('document', { bytes, name: 'reçu.pdf' }));
  const event = house.read(item);
  const [media] = event.kind === 'media' ? event.media : [];
  if (!media) throw new Error(`${event.kind} is no media`);
  return media;
}

const fetched = (house: House, media: MediaRef, maxBytes = 1_000_000): Promise<FetchedMedia> =>
  house.channel.fetchMedia(media, { maxBytes, signal: AbortSignal.timeout(5000) });

const refusal = { retryable: false };

export const mediaRules: Rule[] = [
  {
    name: 'a file is fetched, byte for byte',
    async holds(house) {
      const file = await fetched(house, await received(house));
      expect(Buffer.compare(file.bytes, bytes)).toBe(0);
      expect(file.mime).toBe('application/pdf');
    },
  },
  {
    name: 'a file just as long as allowed is fetched',
    async holds(house) {
      expect((await fetched(house, await received(house), bytes.length)).bytes).toHaveLength(bytes.length);
    },
  },
  {
    name: 'a file longer than allowed is not',
    async holds(house) {
      const { bytes: _, ...media } = await received(house);
      const error = await house.failure(fetched(house, media, bytes.length - 1));
      expect(error).toMatchObject({ code: 'media_too_large', policy: refusal });
    },
  },
  {
    name: 'a file that the platform does not know is gone',
    async holds(house) {
      const media = await received(house);
      for (const ref of ['1234567890123456', undefined]) {
        const { ref: _, ...without } = media;
        const error = await house.failure(
          fetched(house, { ...without, ...(ref === undefined ? {} : { ref }) }),
        );
        expect(error).toMatchObject({ code: 'media_gone', policy: refusal });
      }
    },
  },
  {
    name: 'a file that is not the one described is refused',
    async holds(house) {
      const media = await received(house);
      house.altersFiles();
      expect(await house.failure(fetched(house, media))).toMatchObject({
        code: 'media_untrusted',
        policy: refusal,
      });
    },
  },
  {
    name: 'a file at a foreign address is not asked for there',
    async holds(house) {
      const asked: string[] = [];
      const stranger = createServer((request, response) => {
        asked.push(request.url ?? '');
        response.end('x');
      });
      await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void stranger.close());
      const media = await received(house);
      house.movesFiles(`http://127.0.0.1:${String((stranger.address() as AddressInfo).port)}/x`);
      expect((await house.failure(fetched(house, media))).code).toBe('media_untrusted');
      expect(asked).toEqual([]);
    },
  },
];

import type { Channel, ChannelLog } from '../channels/channel.ts';
import { SendError } from '../channels/errors.ts';
import type { Address, InboundEvent } from '../message/event.ts';
import type { PlatformCall } from '../message/outbound.ts';

/** The signal lane: tap answers and typing. Best effort, at once, never stored. */
export interface Signals {
  fire(channel: Channel, call: PlatformCall): void;
  /** Shows typing now and again until the returned function is called. */
  typing(channel: Channel, address: Address, event: InboundEvent): () => void;
}

const PATIENCE_MS = 10_000;

export function createSignals(log: ChannelLog): Signals {
  const fire = (channel: Channel, call: PlatformCall): void => {
    channel.send(call, AbortSignal.timeout(PATIENCE_MS)).catch((error: unknown) => {
      log.info('signal_failed', {
        channel: channel.name,
        method: call.method,
        code: error instanceof SendError ? error.code : 'error',
      });
    });
  };
  return {
    fire,
    typing(channel, address, event) {
      const { typing } = channel.capabilities;
      const call = channel.typing(address, event);
      if (!typing || !call) return () => undefined;
      fire(channel, call);
      const timer = setInterval(() => {
        fire(channel, call);
      }, typing.every);
      return () => {
        clearInterval(timer);
      };
    },
  };
}

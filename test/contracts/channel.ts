import { describe, expect, test } from 'vitest';
import { conductRules } from './channel-conduct.ts';
import { openHouse, type House, type OpenPlatform } from './channel-house.ts';
import { inboundRules } from './channel-inbound.ts';
import { mediaRules } from './channel-media.ts';
import { outboundRules } from './channel-outbound.ts';

/** One thing every channel promises. Throws when it does not hold. */
export interface Rule {
  name: string;
  holds(house: House): Promise<void>;
}

/** Why a platform does not keep a rule, and how that shows: a rule that fails in another way is broken, not excepted. */
export interface Exception {
  reason: string;
  shows: RegExp;
}

export interface Contract {
  /** Opens the platform's emulator and a channel that speaks to it. */
  make: OpenPlatform;
  /** By the name of the rule. */
  exceptions?: Readonly<Record<string, Exception>>;
}

const RULES: readonly Rule[] = [...inboundRules, ...outboundRules, ...mediaRules, ...conductRules];

/** What every channel promises to the pipeline, tried on its platform's emulator over real HTTP. */
export function channelContract(name: string, { make, exceptions = {} }: Contract): void {
  describe(`channel contract: ${name}`, () => {
    test('every exception names a rule', () => {
      expect(unknownExceptions(RULES, exceptions)).toEqual([]);
    });

    for (const rule of RULES) {
      const exception = Object.hasOwn(exceptions, rule.name) ? exceptions[rule.name] : undefined;
      test(exception ? `${rule.name} [except: ${exception.reason}]` : rule.name, async () => {
        const house = await openHouse(make);
        try {
          await judge(rule, house, exception);
        } finally {
          await house.close();
        }
      });
    }
  });
}

export function unknownExceptions(rules: readonly Rule[], exceptions: object): string[] {
  return Object.keys(exceptions).filter((name) => rules.every((rule) => rule.name !== name));
}

/** Throws when the rule is broken without an exception, kept in spite of one, or broken in another way than the exception says. */
export async function judge(
  rule: Rule,
  house: Pick<House, 'check'>,
  exception: Exception | undefined,
): Promise<void> {
  const broken = await tried(rule, house);
  if (!exception) {
    if (broken) throw broken;
    return;
  }
  if (broken === undefined)
    throw new Error(`The rule is kept: take the exception away. Its reason was: ${exception.reason}`);
  expect(broken.message).toMatch(exception.shows);
}

async function tried(rule: Rule, house: Pick<House, 'check'>): Promise<Error | undefined> {
  try {
    await rule.holds(house as House);
    house.check();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

import { expect, test } from 'vitest';
import { botSaid, somebody, startProduct } from '../support/product.ts';

test('figures for monitors: what it took, what failed, how accounts go; nobody in them', async () => {
  const { simulator, url } = await startProduct({ desk: 'desks/catechese' });
  const who = somebody('Canari');
  simulator.phone.contact(who, { phone: '+221770000009' });
  await botSaid(simulator, who, 1);
  const answer = await fetch(`${url}/metrics`);
  const text = await answer.text();
  expect(answer.status).toBe(200);
  for (const line of [
    /guichet_receive_seconds_count\{channel="telegram",outcome="stored"\} 1/,
    /guichet_turn_seconds_count\{channel="telegram"\} 1/,
    /guichet_store_seconds_count\{operation="commit"\} \d+/,
    /guichet_incidents_total\{kind="account_attempt"\} 1/,
    /guichet_accounts\{figure="attempts"\} 1/,
    /guichet_accounts\{figure="success_rate"\} 0/,
    /guichet_accounts\{figure="validation_rate"\} 1/,
    /process_resident_memory_bytes \d+/,
  ])
    expect(text).toMatch(line);
  expect(text).not.toMatch(/Canari|770000009/);
  const forwarded = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '198.51.100.7' } });
  expect(forwarded.status).toBe(401);
});

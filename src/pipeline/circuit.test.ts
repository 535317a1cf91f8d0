import { describe, expect, test } from 'vitest';
import { createCircuit } from './circuit.ts';

function bench() {
  let at = 0;
  const circuit = createCircuit(() => at);
  return {
    circuit,
    pass: (ms: number) => (at += ms),
    fail: (...chats: string[]) => {
      for (const chat of chats) {
        circuit.started();
        circuit.failed(chat);
      }
    },
  };
}

describe('the way to a platform', () => {
  test('failures of several chats hold everybody back, one call at a time tries again', () => {
    const { circuit, fail, pass } = bench();
    fail('a', 'b', 'a');
    expect(circuit.isClosed()).toBe(false);
    expect(circuit.waitFor('c')).toBeGreaterThan(0);
    pass(60_000);
    expect(circuit.waitFor('c')).toBe(0);
    circuit.started();
    expect(circuit.waitFor('d')).toBeGreaterThan(0);
    circuit.succeeded();
    expect(circuit.waitFor('a')).toBe(0);
    expect(circuit.isClosed()).toBe(true);
  });

  test('a chat whose calls always fail waits alone', () => {
    const { circuit, fail } = bench();
    fail('a', 'a', 'a', 'a');
    expect(circuit.waitFor('a')).toBeGreaterThan(0);
    expect(circuit.waitFor('b')).toBe(0);
    // Its failures count again from the start once another got through.
    circuit.started();
    circuit.succeeded();
    expect(circuit.isClosed()).toBe(true);
  });

  test('told to wait, the whole account does, whoever failed before', () => {
    const { circuit, fail, pass } = bench();
    fail('a', 'a', 'a');
    circuit.hold(20_000);
    expect(circuit.waitFor('b')).toBe(20_000);
    pass(20_000);
    expect(circuit.waitFor('b')).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { addressKind } from './address.ts';

describe('addressKind', () => {
  test.each([
    '0.0.0.0',
    '10.0.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::7f00:1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:a00:1',
    '64:ff9b::1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fdff::1',
    'ff02::1',
    'not an address',
    '',
  ])('%s is private', (address) => {
    expect(addressKind(address)).toBe('private');
  });

  test.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    '::ffff:a9fe:a9fe',
    'fd00:ec2::254',
  ])('%s is link-local', (address) => {
    expect(addressKind(address)).toBe('link-local');
  });

  test.each([
    '1.1.1.1',
    '149.154.167.220',
    '172.32.0.1',
    '100.128.0.1',
    '192.0.1.1',
    '2a00:1450::1',
    '::ffff:101:101',
  ])('%s is public', (address) => {
    expect(addressKind(address)).toBe('public');
  });
});

import { BlockList, isIP, isIPv6 } from 'node:net';

/**
 * Which addresses an outgoing call may reach. `private` covers every range that is not the public internet
 * (IANA special-purpose registries); `link-local` is where cloud machines keep their credentials, so not even
 * an allow list opens it.
 */
export type AddressKind = 'public' | 'private' | 'link-local';

const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];

const PRIVATE_V6 = [
  '::/128',
  '::1/128',
  // IPv4-compatible addresses, long deprecated.
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fec0::/10',
  'ff00::/8',
];

const privateRanges = blockList([...PRIVATE_V4, ...PRIVATE_V6]);
const linkLocal = blockList(['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128']);

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** `address`: an IPv4 or IPv6 literal, without brackets. What cannot be read is not public. */
export function addressKind(address: string): AddressKind {
  const bare = unmap(address.replace(/%.*$/, ''));
  const version = isIP(bare);
  if (version === 0) return 'private';
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (linkLocal.check(bare, family)) return 'link-local';
  return privateRanges.check(bare, family) ? 'private' : 'public';
}

/** `::ffff:7f00:1` and `::ffff:127.0.0.1` are judged by the IPv4 address they carry. */
function unmap(address: string): string {
  if (!isIPv6(address)) return address;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (mapped === null) return canonical;
  const [high, low] = [parseInt(mapped[1] ?? '', 16), parseInt(mapped[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

import fc from 'fast-check';
import examples from 'libphonenumber-js/mobile/examples' with { type: 'json' };
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import { describe, expect, test } from 'vitest';
import { maskPhone, readPhone, readPhones } from './phone.ts';
import type { PhoneRefusal } from './phone.ts';

const MOBILE = '+221770000001';

describe('one number of Senegal, however it is written', () => {
  test.each([
    '77 000 00 01',
    '770000001',
    '77-000-00-01',
    '77.000.00.01',
    '77/000/00/01',
    '77 00 00 001',
    '77_000_00_01',
    '221770000001',
    '+221770000001',
    '00221770000001',
    '00 221 77 000 00 01',
    '(+221) 77 000 00 01',
    '+221 (0) 77 000 00 01',
    '+2210770000001',
    '2210770000001',
    '0770000001',
    '221 221 77 000 00 01',
    '221221770000001',
    '+221221770000001',
    '+221 +221 77 000 00 01',
    '+221 00221 77 000 00 01',
    '++221770000001',
    '٧٧٠٠٠٠٠٠١',
    '۷۷۰۰۰۰۰۰۱',
    '＋２２１７７００００００１',
    '+221٧٧٠٠٠٠٠٠١',
    '77\u00a0000\u00a000\u00a001',
    '77\u202f000\u202f00\u202f01',
    '77–000–00–01',
    '77\u2011000\u221200-01',
    '\u200e\u202a+221 77 000 00 01\u202c',
    '\ufeff770000001',
    'tel:+221770000001',
    'tel:+221-77-000-00-01',
    'whatsapp:+221770000001',
    'wa.me/221770000001',
    'https://wa.me/221770000001?text=Bonjour%202',
    'https://api.whatsapp.com/send?phone=221770000001&text=1',
    '77 000 00 01 (papa)',
    '77 000 00 01 (maman, après 18 h)',
    '77 000 00 01 maman',
    'Papa : 77 000 00 01',
    "'770000001",
    '="770000001"',
    '770000001.0',
    '770000001,00',
    '770 000 001,00',
    '7.70000001E8',
    '2,21770000001E+11',
  ])('%j', (written) => {
    expect(readPhone(written)).toEqual({ ok: true, e164: MOBILE, country: 'SN', kind: 'mobile' });
  });
});

describe('other numbers', () => {
  test.each([
    ['33 800 00 00', '+221338000000', 'fixed'],
    ['221 33 824 00 00', '+221338240000', 'fixed'],
    ['+221 30 100 00 00', '+221301000000', 'fixed'],
    ['93 300 00 00', '+221933000000', 'unknown'],
    ['71 200 00 01', '+221712000001', 'mobile'],
    ['221712000001', '+221712000001', 'mobile'],
    ['+221712000001', '+221712000001', 'mobile'],
    ['+33 6 12 34 56 78', '+33612345678', 'mobile'],
    ['0033 6 12 34 56 78', '+33612345678', 'mobile'],
    ['+33 (0)6 12 34 56 78', '+33612345678', 'mobile'],
    ['+33 33 6 12 34 56 78', '+33612345678', 'mobile'],
    ['33612345678', '+33612345678', 'mobile'],
    ['+39 347 123 4567', '+393471234567', 'mobile'],
    ['00393331234567', '+393331234567', 'mobile'],
    ['393331234567', '+393331234567', 'mobile'],
    ['+39 02 1234 5678', '+390212345678', 'fixed'],
    ['+34 612 34 56 78', '+34612345678', 'mobile'],
    ['0034712345678', '+34712345678', 'mobile'],
    ['+1 514 555 0199', '+15145550199', 'unknown'],
    ['+220 771 2345', '+2207712345', 'mobile'],
    ['+225 07 07 12 34 56', '+2250707123456', 'mobile'],
    ['+223 65 01 23 45', '+22365012345', 'mobile'],
    ['+212 650 12 34 56', '+212650123456', 'mobile'],
  ])('%s is %s', (written, e164, kind) => {
    expect(readPhone(written)).toMatchObject({ ok: true, e164, kind });
  });

  test('the country of the desk may be another', () => {
    expect(readPhone('06 12 34 56 78', { country: 'FR' })).toMatchObject({ e164: '+33612345678' });
    expect(readPhone('33 06 12 34 56 78', { country: 'FR' })).toMatchObject({ e164: '+33612345678' });
    expect(readPhone('221770000001', { country: 'FR' })).toMatchObject({ e164: MOBILE });
  });
});

describe('what is not one whole number is refused', () => {
  test.each<[string, PhoneRefusal, string[]?]>([
    ['', 'empty'],
    ['—', 'empty'],
    ['oui', 'empty'],
    ['pas de téléphone', 'empty'],
    ['77 000 00 0', 'short'],
    ['77', 'short'],
    ['77 000 00 012', 'long'],
    ['77 000 00 0O', 'letters'],
    ['l77 000 00 01', 'letters'],
    ['77 0OO 00 01', 'letters'],
    ['77 I00 00 01', 'letters'],
    ['7,7E+08', 'rounded'],
    ['7,71235E+08', 'rounded'],
    ['7.71235E+08', 'rounded'],
    ['2,21E+11', 'rounded'],
    ['889 19 89', 'old'],
    ['5551234', 'old'],
    ['612 34 56 78', 'country', ['FR', 'ES']],
    ['06 12 34 56 78', 'country', ['FR']],
    ['07 71 23 45 67', 'country', ['SN', 'FR']],
    ['3331234567', 'country', ['IT']],
    ['712 34 56 78', 'country', ['SN', 'ES']],
    ['712345678', 'country', ['SN', 'ES']],
    ['+220 77 000 00 01', 'country', ['SN']],
    ['06 39 98 00 01', 'country', ['IT']],
    ['+33 6 39 98 00 01', 'invalid'],
    ['800 12 34 56', 'service'],
    ['+33 800 12 34 56', 'service'],
    ['770000001 / 780000001', 'several'],
    ['77 000 00 01 poste 12', 'several'],
    ['77#000#00#01', 'invalid'],
    ['9'.repeat(300), 'long'],
  ])('%j: %s', (written, reason, suggestions) => {
    const read = readPhone(written);
    if (read.ok) expect([written, 'ok']).toEqual([written, reason]);
    else expect([read.reason, read.suggestions]).toEqual([reason, suggestions]);
  });
});

describe('a cell with several numbers', () => {
  const both = ['+221770000001', '+221780000002'];
  test.each([
    '770000001 / 780000002',
    '770000001/780000002',
    '77/000/00/01 / 78/000/00/02',
    '77 000 00 01 ou 78 000 00 02',
    '77 000 00 01 et 78 000 00 02',
    '770000001;780000002',
    '770000001, 780000002',
    '770000001,780000002',
    '770000001 - 780000002',
    '770000001-780000002',
    '770000001\n780000002',
    '770000001 780000002',
    '77 000 00 01 78 000 00 02',
    '+221770000001+221780000002',
    'papa 770000001 maman 780000002',
    'papa: 77 000 00 01, maman: 78 000 00 02',
    '77 000 00 01 (papa) / 78 000 00 02 (maman)',
  ])('%j', (cell) => {
    expect(readPhone(cell)).toEqual({ ok: false, reason: 'several' });
    expect(readPhones(cell).map((read) => (read.ok ? read.e164 : read.reason))).toEqual(both);
  });

  test.each([
    ['770000001', ['+221770000001']],
    ['', ['empty']],
    ['77 000 00 01 / 123', ['+221770000001', 'short']],
    ['77 000 00 01 / 06 12 34 56 78', ['+221770000001', 'country']],
    ['770000001 / 780000002 / 760000003', ['+221770000001', '+221780000002', '+221760000003']],
    ['77 000 00 0O / 78 000 00 02', ['letters', '+221780000002']],
    ['770000001 ou 889 19 89', ['+221770000001', 'old']],
  ])('%j gives %j', (cell, expected) => {
    expect(readPhones(cell).map((read) => (read.ok ? read.e164 : read.reason))).toEqual(expected);
  });
});

describe('any text', () => {
  const piece = fc.constantFrom(
    ...['77', '221', '+', '00', '0', '33', '39', ' ', '/', '-', '(', ')', 'E+08', ',', '.0', 'ou', 'l'],
    ...['٧', '۷', '７', '\u202f', ';', 'wa.me/', 'tel:', '000 00 01', '\ud800', '#', ':'],
  );
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
  );

  test('never throws, and what is accepted reads as itself', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const read of [readPhone(text), ...readPhones(text)]) {
          if (!read.ok) continue;
          expect(read.e164).toMatch(/^\+[1-9]\d{6,14}$/);
          expect(readPhone(read.e164)).toEqual(read);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('10,000 numbers, each in five spellings, are each one account', () => {
    const spellings = (n: string): string[] => {
      const groups = `${n.slice(0, 2)} ${n.slice(2, 5)} ${n.slice(5, 7)} ${n.slice(7)}`;
      return [groups, n, `+221${n}`, `00221${n}`, `221 ${groups}`];
    };
    for (let i = 0; i < 10_000; i += 1) {
      const national = `77${String(i * 997).padStart(7, '0')}`;
      const [first, ...others] = spellings(national).map((text) => readPhone(text));
      expect(first).toMatchObject({ ok: true, e164: `+221${national}` });
      for (const other of others) expect(other).toEqual(first);
    }
  });

  test('the example mobile of every country reads as itself, with + and with 00', () => {
    for (const country of getCountries()) {
      const number = getExampleNumber(country, examples)?.number ?? '';
      expect(readPhone(number)).toMatchObject({ ok: true, e164: number });
      expect(readPhone(`00${number.slice(1)}`)).toMatchObject({ ok: true, e164: number });
    }
  });

  test.each([
    ['digits', '7'.repeat(200)],
    ['spaces between', '7 '.repeat(100)],
    ['slashes', '7/'.repeat(100)],
    ['parentheses', '(a'.repeat(100)],
    ['pluses', '+'.repeat(200)],
    ['words', 'a 7 '.repeat(50)],
    ['a megabyte', '77 000 00 01 / '.repeat(70_000)],
  ])('a hostile cell is a refusal: %s', (_label, text) => {
    expect(readPhones(text).some((read) => read.ok)).toBe(false);
  });
});

describe('a masked number', () => {
  test.each([
    ['+221770000001', '+221 77 ••• •• 01'],
    ['+33612345678', '+33 6 1• •• •• 78'],
    ['not a number', '•••'],
  ])('%s is %s', (e164, shown) => {
    expect(maskPhone(e164)).toBe(shown);
  });
});

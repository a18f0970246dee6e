import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interaction } from '../signals/index.ts';
import { inspect, isCard, isIban, luhn, personalSpans } from './index.ts';

const found = (text: string) => personalSpans(text).map(({ type, value }) => `${type} ${value}`);

describe('structured personal data', () => {
  it.each([
    ["Write to Jane.O'Neil+x@mail.example.org.", ["EMAIL_ADDRESS Jane.O'Neil+x@mail.example.org"]],
    ['Card 4532 0151 1283 0366, please', ['CREDIT_CARD 4532 0151 1283 0366']],
    ['my card number is 9000 0000 0000 0002', []],
    ['pay to DE89 3704 0044 0532 0130 00 today', ['IBAN_CODE DE89 3704 0044 0532 0130 00']],
    ['pay to DE88370400440532013000 today', []],
    ['SSN: 219 09 9998', ['US_SSN 219 09 9998']],
    ['CPF: 529.982.247-25, or 529.982.247-26', ['NATIONAL_ID 529.982.247-25']],
    ['AHV 756.9217.0769.85', ['NATIONAL_ID 756.9217.0769.85']],
    ['codice fiscale RSSMRA85T10A562S', ['NATIONAL_ID RSSMRA85T10A562S']],
    ['RSSMRA85T10A562T is none', []],
    ['NIR 2 55 08 14 168 025 38', ['NATIONAL_ID 2 55 08 14 168 025 38']],
    ['rijksregisternummer 85.07.30-033.28', ['NATIONAL_ID 85.07.30-033.28']],
    ['HETU 131052-308T', ['NATIONAL_ID 131052-308T']],
    ['DNI 12345678Z, pedido 12345678Z', ['NATIONAL_ID 12345678Z', 'NATIONAL_ID 12345678Z']],
    ['pedido 12345678Z', []],
    ['NIE: X1234567L', ['NATIONAL_ID X1234567L']],
    ['National Insurance number AB 12 34 56 C', ['NATIONAL_ID AB 12 34 56 C']],
    ['my NHS number is 943 476 5919', ['NATIONAL_ID 943 476 5919']],
    ['Steuer-ID 86 095 742 719', ['NATIONAL_ID 86 095 742 719']],
    ['BSN 111222333', ['NATIONAL_ID 111222333']],
    ['PESEL 44051401359', ['NATIONAL_ID 44051401359']],
    ['personnummer 811218-9876', ['NATIONAL_ID 811218-9876']],
    ['Aadhaar 2341 2341 2346', ['NATIONAL_ID 2341 2341 2346']],
    ['PAN card ABCPE1234F', ['NATIONAL_ID ABCPE1234F']],
    ['TFN 123 456 782', ['NATIONAL_ID 123 456 782']],
    ['SIN 130 692 544', ['NATIONAL_ID 130 692 544']],
    ['passport number L01X00T47', ['PASSPORT L01X00T47']],
    ['passport office in room C01X4471 of building 7', ['PASSPORT C01X4471']],
    ['Reisepass C01X4471 und 5 Seiten', ['PASSPORT C01X4471']],
    ['L898902C36UTO7408122F1204159ZE184226B<<<<<10', ['PASSPORT L898902C36UTO7408122F1204159ZE184226B<<<<<10']],
    ['L898902C46UTO7408122F1204159ZE184226B<<<<<10', []],
    ['666-12-1234 and 219-00-1234', []],
    ['from 203.0.113.77 and 2001:db8:0:1::1', ['IP_ADDRESS 203.0.113.77', 'IP_ADDRESS 2001:db8:0:1::1']],
    ['version 10.2.33.4 and 300.1.1.1', []],
    ['call +44 20 7946 0123 now', ['PHONE_NUMBER +44 20 7946 0123']],
    ['Ana\n(541) 754-3010\nElm Street', ['PHONE_NUMBER (541) 754-3010']],
    ['my number is 5417543010', ['PHONE_NUMBER 5417543010']],
    ['Meine Rufnummer ist 4567 8901.', ['PHONE_NUMBER 4567 8901']],
    ['Mi teléfono: 612345678', ['PHONE_NUMBER 612345678']],
    ['from 1-541-754-3010 again', ['PHONE_NUMBER 1-541-754-3010']],
    ['Tel. (06 20) 912 3456', ['PHONE_NUMBER (06 20) 912 3456']],
    ['ring 33 12 45 in the evening', ['PHONE_NUMBER 33 12 45']],
    ['Ana Berg\nElm Street 3\n4567 8901\n', ['PHONE_NUMBER 4567 8901']],
    ['IBAN DE89-3704-0044-0532-0130-00', ['IBAN_CODE DE89-3704-0044-0532-0130-00']],
    ['card 4532.0151.1283.0366', ['CREDIT_CARD 4532.0151.1283.0366']],
    ['SSN 219.09.9998', ['US_SSN 219.09.9998']],
    ['"jane roe"@mail.org', ['EMAIL_ADDRESS "jane roe"@mail.org']],
  ])('in “%s”', (text, expected) => expect(found(text)).toEqual(expected));

  it.each([
    'on 2024-05-16 10:00 to 11:00',
    '12/05/2023 14:30',
    'costs 1,000,000 dollars, or 12 500 000',
    'order 1234567890',
    'ISBN 978-3-16-148410-0',
    'GPS 52.5200 13.4050',
    'account 12345678, zip 12345-6789',
    'row 1 2 3 4 5 6 7 8',
    'rooms 101-102-103 and pages 100-200-300',
    'in 2019 2020 2021, or 21 22 23 24 degrees',
    'a loan of 5500 000 000',
    'they won 21-19 21-17',
    'DOI 10.1000/182, barcode 0123 4567 8905, GTIN 00012345600012',
    'clone git@github.com:shop/cart.git',
    'pi is 4.532015112830366',
    'Ana Berg\nSpringfield\n12345-6789\n',
    "My driver's license number is 5130634",
  ])('is not in “%s”', (text) => expect(found(text)).toEqual([]));

  it('names places that do not overlap, in any text, in linear time', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9 +().@a-zA-Z:/-]{0,400}$/), (text) => {
        let last = 0;
        for (const { start, end, value } of personalSpans(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(text.slice(start, end)).toBe(value);
          last = end;
        }
      }),
    );
    for (const text of [
      '1 '.repeat(30_000),
      '(1)'.repeat(20_000),
      'a.'.repeat(30_000),
      '1:'.repeat(30_000),
      `${'a'.repeat(60_000)}@`,
    ])
      personalSpans(text);
  });

  it('checks digits as ISO 7812 and ISO 13616 say', () => {
    expect([luhn('79927398713'), luhn('79927398710'), isCard('4532015112830366'), isCard('4532015112830367')]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([
      isIban('GB82WEST12345698765432'),
      isIban('GB82WEST12345698765433'),
      isIban('GB82WEST1234569876543'),
    ]).toEqual([true, false, false]);
  });
});

describe('personal data in an answer', () => {
  const of = (input: { role: string; content: string }[], output: string): Interaction =>
    ({
      id: 'int_1',
      system: 'bot',
      at: '2026-11-28T00:00:00.000Z',
      versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
      input,
      output,
      retrieved: null,
      toolCalls: null,
    }) as never;
  const look = (it: Interaction) =>
    inspect(it, { digest: (text) => text, hosts: [] })
      .filter(({ detector }) => detector === 'personal-data')
      .map(({ evidenceClass, rules }) => `${evidenceClass} ${rules.join(' ')}`);

  it.each([
    ['a card of somebody is proven', [], 'The card on file is 4532 0151 1283 0366.', ['verified credit_card']],
    ['one address is a hint', [], 'Ask jane.roe@mail.org.', ['weak email_address']],
    [
      'a list of addresses is more',
      [],
      'a.one@mail.org, b.two@mail.org, c.three@mail.org',
      ['strong email_address list'],
    ],
    [
      'what the person gave is theirs',
      [{ role: 'user', content: 'my card 4532015112830366 and jane.roe@mail.org' }],
      'Card 4532 0151 1283 0366 of jane.roe@mail.org is saved.',
      [],
    ],
    [
      'what the operator wrote is no secret',
      [{ role: 'system', content: 'Callers may ring +44 20 7946 0123.' }],
      'Call +44 20 7946 0123.',
      [],
    ],
    [
      'what a tool gave is somebody’s',
      [{ role: 'tool', content: 'iban DE89370400440532013000' }],
      'It is DE89 3704 0044 0532 0130 00',
      ['verified iban_code'],
    ],
    ['a desk is nobody', [], 'Write to support@shop.org or from 192.168.1.7, card 4242 4242 4242 4242.', []],
  ])('%s', (_, input, output, expected) => expect(look(of(input, output))).toEqual(expected));

  it('is told without the value', () => {
    const [finding] = inspect(of([], 'The card is 4532015112830366.'), { digest: () => 'd', hosts: [] });
    expect(JSON.stringify(finding)).not.toContain('4532');
  });
});

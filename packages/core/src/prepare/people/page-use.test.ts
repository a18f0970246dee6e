import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant, isRefusal, type Recorded } from '../../kernel/index.ts';
import { createKey, foldKey, isNamedOrigin, type PageUse, revokeKey } from './index.ts';
import { readOrigin } from './page-use.ts';

const REGISTERED = new Set(['shop-bot', 'help-bot']);
const want = (page?: Partial<PageUse>, scopes: readonly ('flags' | 'read')[] = ['flags']) => ({
  key: 'key_1' as const,
  name: 'shop',
  scopes,
  hash: 'h',
  ...(page && { page: { origins: ['https://shop.example'], systems: ['shop-bot'], ...page } }),
});
const recorded = (facts: readonly { type: string; data: object }[]): Recorded[] =>
  facts.map((fact, index) => ({
    ...fact,
    seq: index + 1,
    version: index + 1,
    stream: 'key_1',
    at: instant(0),
    by: { kind: 'person', id: 'usr_1' },
  }));

describe('an origin', () => {
  it.each([
    ['https://shop.example', 'https://shop.example'],
    [' HTTPS://Shop.Example/ ', 'https://shop.example'],
    ['https://shop.example:443', 'https://shop.example'],
    ['http://shop.example:80', 'http://shop.example'],
    ['http://shop.example:443', 'http://shop.example:443'],
    ['https://shop.example:08443', 'https://shop.example:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
    ['https://xn--bcher-kva.example', 'https://xn--bcher-kva.example'],
    ['https://a_b.shop.example', 'https://a_b.shop.example'],
    ['*', '*'],
  ])('%s is kept as %s', (said, kept) => {
    expect(readOrigin(said)).toBe(kept);
    if (kept !== '*') expect(new URL(said).origin).toBe(kept);
  });

  it.each([
    ['shop.example', 'is no origin'],
    ['//shop.example', 'is no origin'],
    ['null', 'is no origin'],
    ['', 'is no origin'],
    ['file:///etc/passwd', 'is no origin'],
    ['ftp://shop.example', 'is no origin'],
    ['javascript://shop.example', 'is no origin'],
    ['https://', 'is no origin'],
    ['https://.example', 'is no origin'],
    ['https://shop..example', 'is no origin'],
    ['https://shop example', 'is no origin'],
    ['https://shop.example:0', 'is no origin'],
    ['https://shop.example:65536', 'is no origin'],
    ['https://shop.example:123456', 'is no origin'],
    ['https://shop.example:', 'is no origin'],
    ['https://somebody@shop.example', 'is no origin'],
    ['https://a:1@shop.example', 'is no origin'],
    ['https://shop.example\nhttps://b.example', 'is no origin'],
    ['http://127.1', 'is no origin'],
    ['http://127.0.0.256', 'is no origin'],
    ['http://010.0.0.1', 'is no origin'],
    ['http://0x7f.1', 'is no origin'],
    ['https://shop.example/cart', 'Write https://shop.example.'],
    ['https://Shop.example:8443/?a=1', 'Write https://shop.example:8443.'],
    ['https://shop.example?a=1', 'Write https://shop.example.'],
    ['https://shop.example#top', 'Write https://shop.example.'],
    ['https://*.shop.example', 'stands for several origins'],
    ['*.example', 'stands for several origins'],
    ['https://bücher.example', 'xn--'],
  ])('%s is none', (said, why) => {
    const read = readOrigin(said);
    expect(read).toMatchObject({ refused: 'page-key.bad-origin', why: expect.stringContaining(why) });
  });

  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const origin = fc
    .tuple(
      fc.constantFrom('http', 'https'),
      fc.array(label, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 65_535 }),
    )
    .map(([scheme, labels, port]) => `${scheme}://${labels.join('.')}:${port}`);

  it('is kept as a browser says it, and kept again as it is', () => {
    fc.assert(
      fc.property(origin, (said) => {
        const kept = readOrigin(said);
        expect(kept).toBe(new URL(said).origin);
        expect(readOrigin(kept as string)).toBe(kept);
      }),
    );
  });

  it('never lets in a page whose origin only begins or ends like it, or has another scheme or port', () => {
    fc.assert(
      fc.property(origin, fc.stringMatching(/^[a-z0-9.:/@-]{1,6}$/), fc.nat(), (said, more, at) => {
        const kept = readOrigin(said) as string;
        const page = { origins: [kept], systems: [] };
        expect(isNamedOrigin(page, kept)).toBe(true);
        const cut = at % (kept.length + 1);
        for (const other of [
          kept + more,
          more + kept,
          kept.slice(0, cut) + more + kept.slice(cut),
          kept.slice(0, -1),
          kept.slice(1),
          kept.replace('://', '://evil.'),
          kept.toUpperCase(),
          kept.startsWith('https') ? kept.replace('https', 'http') : kept.replace('http', 'https'),
          'null',
          '',
        ])
          if (other !== kept) expect(isNamedOrigin(page, other)).toBe(false);
      }),
    );
  });

  it('is any at all where the key says so', () => {
    expect(isNamedOrigin({ origins: ['*'] }, 'https://anybody.example')).toBe(true);
  });
});

describe('a page key', () => {
  it('keeps what it was asked for in one form, each once, and is folded with it', () => {
    const page = { origins: ['https://SHOP.example/', 'https://shop.example'], systems: ['shop-bot', 'shop-bot'] };
    const facts = createKey(null, want(page), REGISTERED);
    if (isRefusal(facts)) throw new Error(facts.why);
    const kept = { origins: ['https://shop.example'], systems: ['shop-bot'] };
    expect(facts).toMatchObject([{ type: 'key.created', data: { page: kept } }]);
    expect(foldKey(recorded(facts))).toMatchObject({ page: kept, revoked: false });
    const state = foldKey(recorded(facts));
    const revoked = revokeKey(state, { reason: 'over' });
    expect(foldKey(recorded([...facts, ...(revoked as never[])]))).toMatchObject({ page: kept, revoked: true });
  });

  it('is one only where it says so: keys made before there were any are folded as they were', () => {
    const old = { key: 'key_1', name: 'flags', scopes: ['flags'], hash: 'h' };
    expect(foldKey(recorded([{ type: 'key.created', data: old }]))).toEqual({
      id: 'key_1',
      name: 'flags',
      scopes: ['flags'],
      revoked: false,
    });
    expect(createKey(null, want())).toEqual([{ type: 'key.created', data: want() }]);
  });

  const many = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i));
  it.each([
    ['another scope beside', want({}, ['flags', 'read']), 'page-key.other-scopes', '/scopes'],
    ['another scope alone', want({}, ['read']), 'page-key.other-scopes', '/scopes'],
    ['no origins', want({ origins: [] }), 'page-key.incomplete', '/page/origins'],
    [
      'too many origins',
      want({ origins: many(21, (i) => `https://s${i}.example`) }),
      'page-key.incomplete',
      '/page/origins',
    ],
    ['an origin with a path', want({ origins: ['https://a.example/b'] }), 'page-key.bad-origin', '/page/origins'],
    ['any page and one', want({ origins: ['*', 'https://a.example'] }), 'page-key.bad-origin', '/page/origins'],
    ['no systems', want({ systems: [] }), 'page-key.incomplete', '/page/systems'],
    ['too many systems', want({ systems: many(21, (i) => `s${i}`) }), 'page-key.incomplete', '/page/systems'],
    ['a system nobody registered', want({ systems: ['shop-bot', 'ghost'] }), 'system.unknown', '/page/systems'],
  ])('is refused with %s', (_, asked, refused, pointer) => {
    expect(createKey(null, asked, REGISTERED)).toMatchObject({ refused, pointer });
  });

  it('takes twenty of each', () => {
    const systems = many(20, (i) => `s${i}`);
    const asked = want({ origins: many(20, (i) => `https://s${i}.example`), systems });
    expect(createKey(null, asked, new Set(systems))).toMatchObject([{ type: 'key.created' }]);
  });
});

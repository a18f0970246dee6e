import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groupReports, readPayload, scoreGroups } from '@firebreak/core/detect/backtest';
import { describe, expect, it } from 'vitest';
import { run } from '../run.ts';

async function firebreak(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(['node', 'firebreak', ...args], {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    env,
  });
  return { code, out, err };
}
const file = async (lines: readonly unknown[]): Promise<string> => {
  const path = join(await mkdtemp(join(tmpdir(), 'firebreak-cli-')), 'input.jsonl');
  await writeFile(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'));
  return path;
};

const span = (attributes: Record<string, string>) => ({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId: 'ab'.repeat(16),
              spanId: 'cd'.repeat(8),
              name: 'chat',
              attributes: Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } })),
            },
          ],
        },
      ],
    },
  ],
});

describe('backtest', () => {
  it('reads hooks of products it was never told of, and words, and goes on past damage', async () => {
    const input = await file([
      { id: 'a', provider: 'someone', payload: { headline: 'Queue stalled', urgency: 'P1', state: 'open' } },
      { id: 'b', provider: 'someone', payload: 7 },
      { id: 'c', provider: 'someone', field: 'severity', raw: 'P2', normalised: 'high' },
      { id: 'd', provider: 'someone', field: 'status', raw: 'open', normalised: 'resolved' },
    ]);
    const { code, out } = await firebreak(['backtest', 'webhooks', '--input', input, '--predictions', `${input}.out`]);
    expect(code).toBe(0);
    expect(JSON.parse(out).scores).toMatchObject({ accepted: 0.5, words_right: 0.5, worst_provider: 'someone 0.50' });
    const told = (await readFile(`${input}.out`, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toMatchObject([
      { id: 'a', ok: true, signals: [{ title: 'Queue stalled', severity: 'critical', status: 'firing' }] },
      { id: 'b', ok: false, signals: [] },
      { id: 'c', normalised: 'high' },
      { id: 'd', normalised: 'firing' },
    ]);
  });

  it('reads payloads, damaged ones too, and scores by the labels only afterwards', async () => {
    const good = span({ 'gen_ai.request.model': 'm-1', 'gen_ai.system': 'openai' });
    const expect_ = { spans: [{ model: 'm-1', provider: 'openai', name: 'chat', input_tokens: null }] };
    const input = await file([
      { id: 'a', otlp: good, expect: expect_ },
      { id: 'b', otlp: '{"resourceSpans":[{' },
      { id: 'c', otlp: 7 },
    ]);
    const predictions = `${input}.out`;
    const { code, out } = await firebreak([
      'backtest',
      'otlp-dialects',
      '--input',
      input,
      '--predictions',
      predictions,
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      topic: 'otlp-dialects',
      rows: 3,
      scores: { model: 1, provider: 1, name: 1 },
    });
    const lines = (await readFile(predictions, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ id, ok }) => [id, ok])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
    expect(lines[0].spans[0]).toMatchObject({ dialects: ['gen_ai'], model: 'm-1', is_error: false });
    const traceId = { data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] };
    const sent = { traceId, spanId: '0102030405060708', name: 'n', startTimeUnixNano: '1', endTimeUnixNano: '2' };
    expect(readPayload({ resourceSpans: [{ scopeSpans: [{ spans: [sent] }] }] })).toMatchObject({
      ok: true,
      spans: [{ traceId, spanId: '0102030405060708' }],
    });
    expect(readPayload({ resourceSpans: [{ scopeSpans: [{ spans: [{ name: 5 }] }] }] })).toEqual({
      ok: false,
      spans: [],
    });
  });

  it('groups reports the same way with and without their labels', async () => {
    const texts = [
      'robot taxi blocks fire engine in city',
      'fire engine blocked by robot taxi',
      'city angry: robot taxi stops fire engine',
      'chatbot promises refund airline refused',
      'airline must pay refund its chatbot promised',
    ];
    const rows = texts.map((text, i) => ({ id: `r${i}`, kind: 'news-headline', text, published: null }));
    const clusters = groupReports(rows);
    expect(new Set(clusters.slice(0, 3)).size).toBe(1);
    expect(clusters[3]).toBe(clusters[4]);
    expect(clusters[0]).not.toBe(clusters[3]);
    expect(groupReports(rows.map((row) => ({ ...row, group: 'x' })))).toEqual(clusters);
    const input = await file(rows.map((row, i) => ({ ...row, group: i < 3 ? 'taxi' : 'refund' })));
    expect(JSON.parse((await firebreak(['backtest', 'signal-grouping', '--input', input])).out).scores).toMatchObject({
      labelled: 5,
      b3_f1: 1,
      candidates: 2,
    });
  });

  it('measures B-cubed as published', () => {
    const items = [...'aaabbbbccc'].map((gold, i) => ({
      gold,
      cluster: ['1', '1', '2', '2', '2', '3', '3', '3', '3', '1'][i]!,
    }));
    const { b3_precision, b3_recall, b3_f1 } = scoreGroups(items);
    expect(b3_precision! > 0 && b3_precision! < 1).toBe(true);
    expect(b3_f1).toBeCloseTo((2 * b3_precision! * b3_recall!) / (b3_precision! + b3_recall!));
    expect(scoreGroups([])).toEqual({ labelled: 0 });
  });

  it('says what is wrong with topic and input', async () => {
    expect(await firebreak(['backtest', 'nothing', '--input', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('otlp-dialects'),
    });
    expect(await firebreak(['backtest', 'signal-grouping', '--input', '/nowhere/x.jsonl'])).toMatchObject({ code: 2 });
    expect(await firebreak(['backtest', 'signal-grouping', '--input', await file(['{"id":1}', 'oops'])])).toMatchObject(
      { code: 2, err: expect.stringContaining('line 2') },
    );
  });
});

describe('signals and candidates', () => {
  it('ask the server and refuse what cannot be', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url!);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[],"next":null,"open":0}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const env = { FIREBREAK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, FIREBREAK_KEY: 'fbk_x' };
    expect(await firebreak(['signals', 'list', '--system', 'support-bot', '--limit', '5'], env)).toMatchObject({
      code: 0,
      out: '[]\n',
    });
    expect(await firebreak(['interactions', '--text', 'one device'], env)).toMatchObject({ code: 0 });
    expect(await firebreak(['candidates', 'list', '--all'], env)).toMatchObject({ code: 0 });
    const built = ['interactions', '--index', 'i-7', '--tools', 't-3', '--fingerprint', 'fp_4f2'];
    expect(await firebreak(built, env)).toMatchObject({ code: 0 });
    const judged = ['interactions', '--evaluation', 'Relevance', '--score-to', '0.5', '--with', 'failed'];
    expect(await firebreak(judged, env)).toMatchObject({ code: 0 });
    expect(await firebreak(['signals', 'planted-word', 'support-bot', '--prompt', 'v41'], env)).toMatchObject({
      code: 0,
    });
    expect(await firebreak(['protected-texts', 'list', '--system', 'support-bot'], env)).toMatchObject({ code: 0 });
    expect(await firebreak(['protected-texts', 'remove', 'txt_1'], env)).toMatchObject({ code: 2 });
    expect(await firebreak(['interactions', '--score', 'high'], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining('--score is a number'),
    });
    expect(asked).toEqual([
      '/api/v1/signals?system=support-bot&limit=5',
      '/api/v1/interactions?text=one+device&limit=50',
      '/api/v1/candidates?state=all&limit=200',
      '/api/v1/interactions?index=i-7&tools=t-3&fingerprint=fp_4f2&limit=50',
      '/api/v1/interactions?evaluation=Relevance&limit=50&with=failed&scoreTo=0.5',
      '/api/v1/systems/support-bot/planted-word?prompt=v41',
      '/api/v1/protected-texts?system=support-bot',
    ]);
    expect(await firebreak(['signals', 'list', '--limit', 'many'], env)).toMatchObject({ code: 2 });
    expect(await firebreak(['candidates', 'show', 'inc_1'], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining('cnd_'),
    });
    expect(await firebreak(['candidates', 'dismiss', 'cnd_1', '--reason', 'x', '--as', 'boring'], env)).toMatchObject({
      code: 2,
      err: expect.stringContaining('false-alarm'),
    });
    server.close();
  });
});

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../run.ts';

async function firebreak(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(['node', 'firebreak', ...args], {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    env: { FIREBREAK_KEY: 'fbk_none', FIREBREAK_URL: 'http://127.0.0.1:9' },
  });
  return { code, out, err };
}
const file = async (rows: readonly object[]): Promise<string> => {
  const path = join(await mkdtemp(join(tmpdir(), 'firebreak-cli-')), 'input.jsonl');
  await writeFile(path, rows.map((row) => JSON.stringify(row)).join('\n'));
  return path;
};
const linesOf = async (path: string): Promise<unknown[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

const REPORTS = [
  {
    id: 'a',
    input: { title: 'Support bot invents a refund policy', description: 'Customers were told a false rule.' },
    label: { mit: { domain: '3. Misinformation', intent: 'Unintentional' } },
  },
  { id: 'b', input: { title: 'Scammers used a deepfake video to defraud investors', deployers: ['scammers'] } },
  { id: 'c' },
];

describe('backtest incident-triage', () => {
  it('writes one answer for each row, whatever the row lacks, and scores the labelled ones', async () => {
    const input = await file(REPORTS);
    const { code, out } = await firebreak(
      'backtest',
      'incident-triage',
      '--input',
      input,
      '--predictions',
      `${input}.out`,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      topic: 'incident-triage',
      rows: 3,
      scores: { labelled: 1, domainAccuracy: 1, intentAccuracy: 1 },
    });
    const told = await linesOf(`${input}.out`);
    expect(told).toMatchObject([
      { id: 'a', archetype: 'misinformation-cascade', domain: '3. Misinformation', intent: 'Unintentional' },
      { id: 'b', archetype: 'outside', domain: '4. Malicious Actors & Misuse', intent: 'Intentional' },
      { id: 'c', archetype: expect.any(String), severity: expect.any(Number), confidence: expect.any(Number) },
    ]);
  });

  it('answers the same without labels and with another id', async () => {
    const bare = await file(REPORTS.map(({ input }, i) => ({ id: i, ...(input && { input }) })));
    const whole = await file(REPORTS);
    for (const path of [bare, whole])
      await firebreak('backtest', 'incident-triage', '--input', path, '--predictions', `${path}.out`);
    const without = (rows: unknown[]) => rows.map((row) => ({ ...(row as object), id: null }));
    expect(without(await linesOf(`${bare}.out`))).toEqual(without(await linesOf(`${whole}.out`)));
  });
});

describe('backtest similar', () => {
  it('ranks the corpus for each query', async () => {
    const corpus = await file([
      { id: 'aiid:1', title: 'Bot invents a refund policy', description: 'Customers relied on it.' },
      { id: 'aiid:2', title: 'Robot blocks a tram', description: 'It stood on the rails.' },
    ]);
    const input = await file([
      { id: 'q1', text: 'tram stopped by robots', group: 'aiid:2' },
      { id: 'q2', text: 'nothing of the kind', group: 'elsewhere' },
    ]);
    const { code, out } = await firebreak(
      'backtest',
      'similar',
      '--input',
      input,
      '--corpus',
      corpus,
      '--predictions',
      `${input}.out`,
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ scores: { labelled: 1, recallAt1: 1, mrrAt10: 1 } });
    expect(await linesOf(`${input}.out`)).toEqual([
      { id: 'q1', ranked: ['aiid:2'] },
      { id: 'q2', ranked: [] },
    ]);
  });

  it('says that it needs a corpus', async () => {
    const input = await file([{ id: 'q', text: 'x' }]);
    await expect(firebreak('backtest', 'similar', '--input', input)).resolves.toMatchObject({
      code: 2,
      err: expect.stringContaining('--corpus'),
    });
  });
});

describe('similar and corpus import', () => {
  it('want exactly one thing to ask about, and a file that exists', async () => {
    await expect(firebreak('similar')).resolves.toMatchObject({ code: 2 });
    await expect(firebreak('similar', 'a text', '--incident', 'INC-2026-0001')).resolves.toMatchObject({ code: 2 });
    await expect(firebreak('archetype', '--candidate', 'inc_1')).resolves.toMatchObject({ code: 2 });
    await expect(firebreak('corpus', 'import', '/nowhere.csv')).resolves.toMatchObject({
      code: 2,
      err: expect.stringContaining('/nowhere.csv'),
    });
    await expect(firebreak('similar', 'bot invents rules')).resolves.toMatchObject({ code: 3 });
  });
});

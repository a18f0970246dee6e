import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../run.ts';

type Row = Record<string, unknown>;

async function stats(
  name: string,
  rows: readonly (Row | string)[],
): Promise<{ code: number; out: Row[]; err: string }> {
  const path = join(await mkdtemp(join(tmpdir(), 'firebreak-stats-')), 'input.jsonl');
  await writeFile(path, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'));
  let out = '';
  let err = '';
  const code = await run(['node', 'firebreak', 'stats', name, '--input', path], {
    out: { write: (text) => (out += text) },
    err: { write: (text) => (err += text) },
    env: {},
  });
  return {
    code,
    out: out
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
    err,
  };
}

describe('firebreak stats', () => {
  it('answers line by line', async () => {
    const { code, out } = await stats('wilson', [{ id: 'a', x: 5, n: 100, conf: 0.95 }]);
    expect(code).toBe(0);
    expect(out).toEqual([{ id: 'a', lower: expect.closeTo(0.0215437, 6), upper: expect.closeTo(0.1117505, 6) }]);
  });

  it('names each line it cannot answer, answers the others, and says so with its exit code', async () => {
    const { code, out, err } = await stats('wilson', [{ id: 'a', x: 9, n: 4 }, '{', { id: 'b', x: 1, n: 4 }, '7']);
    expect(code).toBe(2);
    expect(out.map((row) => row.error === undefined)).toEqual([false, false, true, false]);
    expect(err).toContain('3 of 4 lines');
  });

  it('watches rates and finds drift', async () => {
    const answer = async (name: string, row: object) =>
      (await stats(name, [{ id: 1, ...row }])).out[0] as Record<string, unknown>;
    const rates = { p0: 0.02, p1: 0.1 };
    expect(await answer('bernoulli-cusum', { ...rates, h: 4, x: [0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1] })).toMatchObject({
      first_alarm: 11,
    });
    expect(await answer('bernoulli-arl', { ...rates, h: 4, p: 0.1 })).toMatchObject({ arl: expect.closeTo(43.3, 0) });
    expect(await answer('bernoulli-limit', { ...rates, outcomes: 1_770 })).toMatchObject({ h: expect.closeTo(4, 1) });
    expect(await answer('e-detector', { ...rates, x: [0, 0, 1] })).toMatchObject({
      cusum_e: [expect.anything(), expect.anything(), expect.closeTo(5, 6)],
    });
    expect(await answer('anytime', { x: 0, n: 20 })).toMatchObject({ upper: expect.closeTo(0.224, 3) });
    expect(await answer('exceedance', { x: 5, n: 20 })).toMatchObject({ p: expect.closeTo(0.0432, 4) });
    expect(await answer('psi', { baseline: [0.5, 0.3, 0.2], current: [0.35, 0.4, 0.25] })).toMatchObject({
      psi: expect.closeTo(0.0934, 4),
    });
    expect(await answer('jensen-shannon', { p: [0.5, 0.5], q: [0.5, 0.5] })).toMatchObject({ distance: 0 });
    expect(await answer('ks', { a: [1, 2], b: [3, 4] })).toMatchObject({ d: 1 });
    expect(await answer('robust-z', { x: 3, baseline: [1, 1, 1] })).toMatchObject({ z: 40 });
    expect(await answer('psi', { baseline: 'all' })).toMatchObject({ error: /list/ });
  });

  it('says what there is', async () => {
    const { code, err } = await stats('mean', []);
    expect(code).toBe(2);
    expect(err).toContain('clopper-pearson');
  });

  const vectors = join(import.meta.dirname, '../../../../../shared/samples/statistics/vectors.jsonl');
  it.skipIf(!existsSync(vectors))('agrees with published vectors within their tolerance', async () => {
    const rows = readFileSync(vectors, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Row & { tolerance?: number });
    const checks: [string, string, (row: Row) => readonly unknown[], (answer: Row) => readonly unknown[]][] = [
      ['wilson', 'binomial-ci', (row) => row.wilson as number[], ({ lower, upper }) => [lower, upper]],
      [
        'clopper-pearson',
        'binomial-ci',
        (row) => row.clopper_pearson as number[],
        ({ lower, upper }) => [lower, upper],
      ],
      [
        'agresti-coull',
        'binomial-ci',
        (row) => row.agresti_coull_raw as number[],
        ({ lower, upper }) => [lower, upper],
      ],
      ['fisher', 'two-proportions', (row) => [row.fisher_two_sided_p], (it) => [it.fisher_two_sided_p]],
      [
        'newcombe',
        'two-proportions',
        (row) => row.newcombe_wilson_diff_ci95 as number[],
        ({ lower, upper }) => [lower, upper],
      ],
      ['zero-failure', 'zero-failure-sample-size', (row) => [row.n], ({ n }) => [n]],
    ];
    for (const [name, kind, expected, told] of checks) {
      const of = rows.filter((row) => row.kind === kind && (expected(row) ?? [])[0] !== undefined);
      const given = of.map(({ id, x, n, conf, x1, n1, x2, n2, p }) =>
        kind === 'zero-failure-sample-size' ? { id, p, conf } : { id, x, n, conf, x1, n1, x2, n2 },
      );
      const { out } = await stats(name, given);
      for (const [i, row] of of.entries())
        for (const [k, value] of expected(row).entries())
          expect(Math.abs((told(out[i]!)[k] as number) - (value as number)), `${name} ${row.id}`).toBeLessThanOrEqual(
            (row.tolerance ?? 1e-7) + 1e-10,
          );
    }
  });
});

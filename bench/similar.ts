import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@firebreak/client';
import { archetypes } from '@firebreak/contract/detect/archetypes';
import { similar } from '@firebreak/contract/detect/similar';
import { startServer } from '@firebreak/world';
import { type BenchRow, quantile } from './row.ts';

const INCIDENTS = 10_000;
const WORDS = 6_000;
const HEAD = 'incident_id,title,description';

/** Made-up reports with words as unevenly spread as in a language (Zipf), the same in every run. */
function madeUp(): { readonly csv: string; readonly text: (words: number) => string } {
  let state = 20_261_120;
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const syllables = ['ba', 'ke', 'lo', 'mi', 'nu', 'ra', 'se', 'ti', 'vo', 'zu', 'dra', 'fen', 'gol', 'har', 'pin'];
  const syllable = () => syllables[Math.floor(chance() * syllables.length)]!;
  const words = Array.from({ length: WORDS }, () => syllable() + syllable() + syllable());
  const known = 'chatbot policy customers refund leak data robot driver deepfake voice hiring bias'.split(' ');
  const word = () =>
    chance() < 0.1 ? known[Math.floor(chance() * known.length)]! : words[Math.floor(WORDS ** chance()) - 1]!;
  const text = (count: number) => Array.from({ length: count }, word).join(' ');
  const rows = Array.from({ length: INCIDENTS }, (_, n) => `${n + 1},${text(10)},${text(70)}`);
  return { csv: [HEAD, ...rows].join('\n'), text };
}

/** Similar incidents over 10,000 imported ones, over HTTP, on the durable embedded database: request to answer. */
export async function run({ short }: { readonly short: boolean }): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'firebreak-bench-'));
  const server = await startServer({ FIREBREAK_DATA: folder });
  try {
    const key = (await readFile(join(folder, 'keys/local.key'), 'utf8')).trim();
    const client = createClient({ baseUrl: server.url, key });
    const { csv, text } = madeUp();
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const began = performance.now();
      await work();
      return performance.now() - began;
    };
    const imported = await timed(() => client.call(similar.importCorpus, { body: { text: csv } }));
    const find = (words: number) =>
      client.call(similar.findSimilar, { query: { text: text(words).slice(0, 1_500), limit: '10' } });
    const first = await timed(() => find(12));
    const rounds = short ? 50 : 300;
    const times: number[] = [];
    for (let n = 0; n < rounds; n++) times.push(await timed(() => find(n % 2 === 0 ? 12 : 120)));
    const suggested: number[] = [];
    for (let n = 0; n < rounds; n++)
      suggested.push(await timed(() => client.call(archetypes.suggestArchetype, { query: { text: text(80) } })));
    const p99 = quantile(times, 0.99);
    return [
      {
        name: 'similar incidents among 10,000, p99',
        value: p99,
        unit: 'ms',
        bar: '≤ 50 ms',
        pass: p99 <= 50,
        note: `${rounds} questions of 12 and 120 words over HTTP, one at a time`,
      },
      { name: 'similar incidents among 10,000, p50', value: quantile(times, 0.5), unit: 'ms' },
      { name: 'the first question after it', value: first, unit: 'ms' },
      { name: 'importing 10,000 public incidents', value: imported, unit: 'ms' },
      { name: 'archetype of 80 words, p99', value: quantile(suggested, 0.99), unit: 'ms' },
    ];
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

import { quality as doors, FIGURES, type Figure } from '@firebreak/contract/detect/quality';
import { BadInput, type Register } from '../cli.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const time = (ms: number | null): string | null => (ms === null ? null : `${Math.round(ms / 100) / 10} s`);

interface Over {
  readonly days: string;
  readonly system?: string;
}
function over({ days, system }: Over): { from: string; system?: string } {
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new BadInput(`“${days}” is no number of days.`);
  return {
    from: new Date(Date.now() - Number(days) * 86_400_000).toISOString(),
    ...(system !== undefined && { system }),
  };
}

/** `firebreak quality` */
export const quality: Register = (program, cli) => {
  const group = program.command('quality').description('how good detection was; drills and simulations never enter');
  group
    .command('figures', { isDefault: true })
    .description('precision, duplicates, false pages and time to one event, with Wilson intervals')
    .option('--days <n>', 'candidates that opened in the last days', '30')
    .option('--system <key>')
    .action(async (options: Over) => {
      const it = await cli.client().call(doors.figures, { query: over(options) });
      const rates = (['precision', 'duplicates', 'falsePages'] as const).map((name) => {
        const { x, n, share, interval } = it[name];
        return {
          name,
          value: share === null ? null : percent(share),
          counts: `${x} of ${n}`,
          interval: interval && `${percent(interval.lower)} to ${percent(interval.upper)}`,
        };
      });
      const { coherence } = it;
      cli.table(
        [
          ...rates,
          {
            name: 'time to one event',
            value: time(coherence.p50Ms),
            counts: `${coherence.n}, ${coherence.never} never`,
            interval: coherence.p95Ms === null ? null : `p95 ${time(coherence.p95Ms)}`,
          },
        ],
        [
          { head: 'figure', of: (row) => row.name },
          { head: 'value', of: (row) => row.value },
          { head: 'counted', of: (row) => row.counts },
          { head: 'interval', of: (row) => row.interval },
        ],
        it,
      );
    });
  group
    .command('candidates <figure>')
    .description(`the candidates behind a figure: ${FIGURES.join(', ')}`)
    .option('--days <n>', 'candidates that opened in the last days', '30')
    .option('--system <key>')
    .action(async (figure: string, options: Over) => {
      const known = FIGURES.find((each) => each === figure);
      if (known === undefined) throw new BadInput(`There is no figure “${figure}”. Choose ${FIGURES.join(', ')}.`);
      const { items } = await cli
        .client()
        .call(doors.candidates, { query: { ...over(options), figure: known satisfies Figure } });
      cli.table(
        items,
        [
          { head: 'candidate', of: (it) => it.candidate },
          { head: 'counted', of: (it) => (it.counted ? 'yes' : 'no') },
          { head: 'what became of it', of: (it) => it.says },
          { head: 'what', of: (it) => it.title.slice(0, 70) },
        ],
        items,
      );
    });
};

import { FIGURES, type Figure, quality } from '@firebreak/contract/detect/quality';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Rows, Section } from '../../ui/Card.tsx';
import { useNow } from '../../ui/clock.ts';
import { Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { countsOf, FIGURE_WORDS, PERIODS, shareOf, timeOf } from './words.ts';

const DAY_MS = 86_400_000;

/** What became of candidates and pages in a time; every figure opens what it counts. */
export function Figures() {
  const systems = useAsk(inventory.list, {}).data?.systems ?? [];
  const [days, setDays] = useState(30);
  const [system, setSystem] = useState('');
  const [open, setOpen] = useState<Figure | null>(null);
  // To the hour, so that a figure is asked for once and not every second.
  const now = Math.floor(useNow(60_000) / 3_600_000) * 3_600_000;
  const query = { from: new Date(now - days * DAY_MS).toISOString(), ...(system !== '' && { system }) };
  const read = useAsk(quality.figures, { query }, { every: 30_000 });
  return (
    <>
      <div className="mb-4 grid max-w-xl grid-cols-2 gap-3">
        <Select
          label="Candidates that opened in the last"
          value={String(days)}
          onText={(value) => setDays(Number(value))}
          options={PERIODS.map((it) => ({ value: String(it.days), label: it.says }))}
        />
        <Select
          label="AI system"
          value={system}
          onText={setSystem}
          options={[{ value: '', label: 'All' }, ...systems.map((it) => ({ value: it.key, label: it.name }))]}
        />
      </div>
      <Shown of={read} lines={6}>
        {(figures) => (
          <>
            <div className="grid gap-3 phone:grid-cols-2 desk:grid-cols-4">
              {FIGURES.map((figure) => {
                const words = FIGURE_WORDS[figure];
                const { coherence } = figures;
                return (
                  <Card key={figure} className="flex flex-col">
                    <h2 className="text-xs font-[640] text-ink-2">{words.title}</h2>
                    <p className="mt-1 text-2xl font-[640] tabular-nums">
                      {figure === 'coherence' ? timeOf(coherence.p50Ms) : shareOf(figures[figure])}
                    </p>
                    <p className="text-sm text-ink-2">
                      {figure === 'coherence'
                        ? coherence.n === 0
                          ? 'nothing to count yet'
                          : `half of ${coherence.n}; 95 of 100 within ${timeOf(coherence.p95Ms)}${coherence.never > 0 ? `; ${coherence.never} never did` : ''}`
                        : countsOf(figures[figure])}
                    </p>
                    <p className="mt-2 text-xs text-ink-3">
                      {words.means}
                      {words.target && ` Aim: ${words.target}.`}
                    </p>
                    <Button
                      size="sm"
                      className="mt-3 self-start"
                      aria-expanded={open === figure}
                      aria-label={`Its candidates: ${words.title}`}
                      disabled={figure === 'coherence' ? coherence.n === 0 : figures[figure].n === 0}
                      onClick={() => setOpen(open === figure ? null : figure)}
                    >
                      Its candidates
                    </Button>
                  </Card>
                );
              })}
            </div>
            <p className="mt-3 text-xs text-ink-3">
              {figures.candidates.toLocaleString('en')} {figures.candidates === 1 ? 'candidate' : 'candidates'},{' '}
              {figures.open} still open, {figures.pagesOpen} {figures.pagesOpen === 1 ? 'page' : 'pages'} nobody has
              judged.{' '}
              {figures.madeOnPurpose > 0 &&
                `${figures.madeOnPurpose} from drills and simulations are left out of everything. `}
              {figures.more && 'There were more than are counted at once: choose a shorter time. '}
              Limits are Wilson’s, 95 %.
            </p>
            {open && <Behind figure={open} query={query} />}
          </>
        )}
      </Shown>
    </>
  );
}

function Behind({ figure, query }: { figure: Figure; query: { from: string; system?: string } }) {
  const read = useAsk(quality.candidates, { query: { ...query, figure } });
  return (
    <Section title={`${FIGURE_WORDS[figure].title}: what is counted`} className="mt-5">
      <Shown of={read} lines={4}>
        {({ items }) => (
          <Rows label="Candidates of the figure">
            {items.map((it) => (
              <li key={it.candidate} className="flex flex-wrap items-baseline gap-x-3 gap-y-1 px-4 py-2">
                <Flag tone={it.counted ? 'amber' : 'plain'}>{it.counted ? 'counted' : 'beside it'}</Flag>
                <Link
                  to="/candidates/$candidate"
                  params={{ candidate: it.candidate }}
                  className="min-w-0 flex-1 basis-60 font-[600] hover:underline"
                >
                  {it.title}
                </Link>
                <span className="text-xs text-ink-3">
                  {it.system} · {it.says} · opened <Ago at={it.openedAt} />
                </span>
              </li>
            ))}
          </Rows>
        )}
      </Shown>
    </Section>
  );
}

import { type EvalRun, evals } from '@firebreak/contract/detect/evals';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { percent } from '../evals/index.ts';
import { historyOf, sayScore } from './words.ts';

/** A share as a bar with its interval; the words beside it say the same. */
function Bar({ share, lower, upper }: { share: number; lower: number; upper: number }) {
  const at = (x: number): string => `${Math.round(x * 1_000) / 10}%`;
  return (
    <span aria-hidden="true" className="relative block h-2 w-full rounded-full bg-sunken">
      <span className="absolute inset-y-0 left-0 rounded-full bg-ink-3" style={{ width: at(share) }} />
      <span
        className="absolute inset-y-[-2px] border-x-2 border-ink"
        style={{ left: at(lower), right: at(1 - upper) }}
      />
    </span>
  );
}

function Techniques({ run }: { run: EvalRun }) {
  const { techniques } = run.probed!;
  if (techniques.length === 0) return null;
  return (
    <Section title="By technique, the weakest first">
      <div className="overflow-x-auto rounded-lg border border-line bg-surface">
        <table className="w-full text-sm">
          <thead>
            <tr className="text-left text-xs text-ink-3">
              <th className="px-4 py-2 font-[600]">Technique</th>
              <th className="px-2 py-2 font-[600]">Held</th>
              <th className="w-1/3 px-4 py-2 font-[600]">Resistance, 95 % interval</th>
            </tr>
          </thead>
          <tbody>
            {techniques.map(({ technique, name, score }) => (
              <tr key={technique ?? 'none'} className="border-t border-line">
                <td className="px-4 py-2">
                  {name}
                  {technique !== null && <span className="block text-2xs text-ink-3">{technique}</span>}
                </td>
                <td className="px-2 py-2 whitespace-nowrap">
                  {score.held} of {score.all}
                </td>
                <td className="px-4 py-2">
                  <Bar share={score.share} {...score.interval} />
                  <span className="mt-1 block text-2xs text-ink-3">
                    {percent(score.share)}, {percent(score.interval.lower)} to {percent(score.interval.upper)}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function History({ runs, tool }: { runs: readonly EvalRun[]; tool: string | null }) {
  const rows = historyOf(runs, tool).slice(-12);
  if (rows.length < 2) return null;
  return (
    <Section title={tool === null ? 'Over time' : `Over time, ${tool}`} aside="newest last">
      <ol className="grid gap-1.5 rounded-lg border border-line bg-surface px-4 py-3">
        {rows.map(({ run, probed }) => (
          <li key={run.id} className="grid grid-cols-[minmax(0,10rem)_minmax(0,1fr)_auto] items-center gap-3 text-xs">
            <span className="min-w-0">
              <Link to="/eval-runs/$run" params={{ run: run.id }} className="block truncate hover:underline">
                {run.versionName}
              </Link>
              <Time at={run.startedAt} className="text-2xs text-ink-3" />
            </span>
            <Bar share={probed.resistance!.share} {...probed.resistance!.interval} />
            <span className="flex items-baseline gap-1.5 whitespace-nowrap">
              {percent(probed.resistance!.share)}
              {run.comparison?.verdict === 'regressed' && <Flag tone="ember">drop</Flag>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}

/** How much a system resisted: in total, by technique, and over its versions. Tools are never mixed. */
export function Resistance({ suite }: { suite: `evs_${string}` }) {
  const asked = useAsk(evals.runs, { query: { suite, limit: 100 } }, { every: 10_000 });
  return (
    <Shown of={asked} lines={5}>
      {({ runs }) => {
        const own = runs.find((run) => run.tool === null && run.state === 'finished' && run.probed !== null);
        const tools = [...new Set(runs.flatMap(({ tool }) => tool ?? []))];
        return (
          <>
            {own && (
              <>
                <Section title="Resistance">
                  <Card>
                    <p className="font-[600]">{sayScore(own.probed)}</p>
                    <p className="mt-1 text-xs text-ink-3">
                      {own.versionName}. The share of attacks that did not work, with its 95 % interval. It says how
                      these attacks fared, not how another attacker would.
                    </p>
                  </Card>
                </Section>
                <Techniques run={own} />
                <History runs={runs} tool={null} />
              </>
            )}
            {tools.map((tool) => {
              const last = runs.find((run) => run.tool === tool && run.probed !== null)!;
              return (
                <Section key={tool} title={`Last results of ${tool}`}>
                  <Card>
                    <p>{sayScore(last.probed)}</p>
                    <p className="mt-1 text-xs text-ink-3">
                      {last.versionName}
                      {last.probed!.toolScore !== null && ` · in its own measure: ${last.probed!.toolScore}`}
                      {' · '}
                      <Link to="/eval-runs/$run" params={{ run: last.id }} className="prose-link">
                        every attack
                      </Link>
                    </p>
                  </Card>
                </Section>
              );
            })}
            {tools.map((tool) => (
              <History key={tool} runs={runs} tool={tool} />
            ))}
          </>
        );
      }}
    </Shown>
  );
}

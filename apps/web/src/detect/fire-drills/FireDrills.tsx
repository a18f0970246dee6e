import { type FireDrillRow, fireDrills } from '@firebreak/contract/detect/fire-drills';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Empty, Rows, Section } from '../../ui/Card.tsx';
import { Select } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { ARCHETYPE_WORDS } from '../archetypes/index.ts';
import { Simulate } from './Simulate.tsx';
import { OUTCOME_WORDS, stageLines } from './words.ts';

const REFRESHES = ['/api/v1/fire-drills', '/api/v1/candidates'];

/** Known failures sent through the real path, to see whether and how soon somebody is told. */
export function FireDrills() {
  const list = useAsk(fireDrills.list, { query: {} }, { every: 2_000 });
  const judges = useMay('candidate.judge');
  const [simulating, setSimulating] = useState(false);
  return (
    <Shown of={list} lines={6}>
      {({ drills, systems, failures }) => (
        <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
          <div className="min-w-0">
            <Section title="Drills, latest first">
              {drills.length === 0 ? (
                <Empty title="Detection was never drilled">
                  A drill sends a failure that is known through the same doors, detectors, grouping and pages as a real
                  one, with a mark on everything that comes of it, and takes the time of each stage. Within five minutes
                  a channel should have the page.
                </Empty>
              ) : (
                <Rows label="Fire drills">
                  {drills.map((drill) => (
                    <Drill
                      key={drill.id}
                      drill={drill}
                      name={failures.find(({ key }) => key === drill.failure)?.name}
                    />
                  ))}
                </Rows>
              )}
            </Section>
          </div>
          <aside className="min-w-0 max-desk:order-first">
            {judges && <Run systems={systems} failures={failures} />}
            <Section title="Last drill of each system">
              {systems.length === 0 ? (
                <p className="text-sm text-ink-2">No AI system is registered yet.</p>
              ) : (
                <Rows label="Systems">
                  {systems.map((it) => (
                    <li key={it.system} className="flex flex-wrap items-baseline gap-x-2 px-4 py-2">
                      <span className="font-[600] break-all">{it.name}</span>
                      {it.outcome && (
                        <Flag tone={OUTCOME_WORDS[it.outcome].tone}>{OUTCOME_WORDS[it.outcome].says}</Flag>
                      )}
                      {it.stale && it.outcome === null && <Flag tone="amber">never drilled</Flag>}
                      {it.stale && it.outcome === 'met' && <Flag tone="amber">over a month ago</Flag>}
                      {it.lastAt && (
                        <span className="text-xs text-ink-3">
                          <Ago at={it.lastAt} />
                        </span>
                      )}
                    </li>
                  ))}
                </Rows>
              )}
            </Section>
            {judges && (
              <Section title="One signal">
                <Card>
                  <p className="text-ink-2">
                    Raise a single signal and watch what the rules make of it. It is marked, and counts in no figure.
                  </p>
                  <Button className="mt-2.5" onClick={() => setSimulating(true)}>
                    Simulate a signal …
                  </Button>
                </Card>
              </Section>
            )}
          </aside>
          {simulating && <Simulate onClose={() => setSimulating(false)} />}
        </div>
      )}
    </Shown>
  );
}

interface Failure {
  readonly key: string;
  readonly name: string;
  readonly archetype: keyof typeof ARCHETYPE_WORDS;
  readonly detector: string | null;
  readonly skips: string | null;
}

function Run({
  systems,
  failures,
}: {
  systems: readonly { system: string; name: string }[];
  failures: readonly Failure[];
}) {
  const [chosen, setChosen] = useState('');
  const [failure, setFailure] = useState<string>(failures[0]?.key ?? '');
  const run = useAct(fireDrills.run, { refreshes: REFRESHES });
  const system = chosen || systems[0]?.system || '';
  const known = failures.find(({ key }) => key === failure);
  return (
    <Section title="Drill now">
      <Card>
        <form
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            run.mutate({ body: { system, failure } });
          }}
        >
          <Select
            label="AI system"
            value={system}
            onText={setChosen}
            options={systems.map((it) => ({ value: it.system, label: it.name }))}
          />
          <Select
            label="Known failure"
            value={failure}
            onText={setFailure}
            options={failures.map((it) => ({ value: it.key, label: it.name }))}
            hint={
              known &&
              `${ARCHETYPE_WORDS[known.archetype]}${known.detector ? `, seen by ${known.detector}` : ''}.${known.skips === null ? '' : ` ${known.skips}`}`
            }
          />
          <p className="text-xs text-ink-3">Whoever is subscribed to pages is told, with “DRILL” in front of it.</p>
          <Button type="submit" look="strong" busy={run.isPending} disabled={system === ''}>
            Send it
          </Button>
          {run.error && <Trouble error={run.error} />}
        </form>
      </Card>
    </Section>
  );
}

function Drill({ drill, name }: { drill: FireDrillRow; name: string | undefined }) {
  const nameOf = useNames();
  const outcome = drill.ended && OUTCOME_WORDS[drill.ended.outcome];
  return (
    <li className="px-4 py-3">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-[600]">{name ?? drill.failure}</span>
        <Flag tone={outcome?.tone ?? 'blue'}>{outcome?.says ?? 'under way'}</Flag>
        {drill.ended?.severity && <span className="text-xs text-ink-3">paged as Sev {drill.ended.severity}</span>}
      </p>
      <p className="text-xs text-ink-3">
        {drill.system} · {nameOf(drill.startedBy)} <Ago at={drill.startedAt} />
        {drill.candidate && (
          <>
            {' · '}
            <Link to="/candidates/$candidate" params={{ candidate: drill.candidate }} className="prose-link">
              its candidate
            </Link>
          </>
        )}
      </p>
      <ol className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        {stageLines(drill).map((stage) => (
          <li key={stage.name} className={stage.after === null ? 'text-ink-3' : ''}>
            {stage.name} <b className="font-[640] tabular-nums">{stage.after ?? '–'}</b>
          </li>
        ))}
      </ol>
      {(drill.ended?.says ?? drill.why) && <p className="mt-1.5 text-ink-2">{drill.ended?.says ?? drill.why}</p>}
    </li>
  );
}

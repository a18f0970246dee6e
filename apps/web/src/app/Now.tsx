import { candidates } from '@firebreak/contract/detect/candidates';
import { channels } from '@firebreak/contract/detect/channels';
import { fireDrills } from '@firebreak/contract/detect/fire-drills';
import { monitors } from '@firebreak/contract/detect/monitors';
import { paging } from '@firebreak/contract/detect/paging';
import { reviews } from '@firebreak/contract/detect/reviews';
import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { moves } from '@firebreak/contract/prepare/moves';
import { risks } from '@firebreak/contract/prepare/risks';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { containment } from '@firebreak/contract/respond/containment';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { incidents } from '@firebreak/contract/respond/incidents';
import { tasks } from '@firebreak/contract/respond/tasks';
import { tripwires } from '@firebreak/contract/respond/tripwires';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { CandidateRows } from '../detect/candidates/CandidateRows.tsx';
import { ParentProposals } from '../respond/accumulation/index.ts';

import { HoldCard } from '../respond/containment/HoldCard.tsx';
import { IncidentRows } from '../respond/incidents/IncidentRows.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Card, Empty, Rows, Section } from '../ui/Card.tsx';
import { useNow } from '../ui/clock.ts';
import { useActions } from './actions.tsx';
import { useAsk } from './ask.ts';
import { useListKeys } from './list-keys.ts';
import { heardOf, houseGaps, nowSentence, type Unready, unready } from './now-words.ts';
import { Page } from './Page.tsx';
import { Mark } from './start/Part.tsx';
import { useStartPutAway } from './start/put-away.ts';
import { MOVE_TITLES, startLine } from './start/words.ts';
import { Shown } from './Trouble.tsx';
import { isUnanswered, OPEN_CANDIDATES, OPEN_INCIDENTS } from './waiting.ts';

const Waiting = lazy(() => import('../respond/approvals/index.ts').then((m) => ({ default: m.Waiting })));
const AppliedCapsules = lazy(() =>
  import('../respond/capsules/AppliedCapsules.tsx').then((m) => ({ default: m.AppliedCapsules })),
);
const LateReports = lazy(() =>
  import('../detect/candidates/LateReports.tsx').then((m) => ({ default: m.LateReports })),
);

/** What burns, what waits, what is in force, and what is not ready. */
export function Now() {
  const { ask } = useActions();
  const open = useAsk(incidents.list, OPEN_INCIDENTS);
  const waiting = useAsk(candidates.listCandidates, OPEN_CANDIDATES);
  const holds = useAsk(containment.listHolds, { query: { state: 'active' } }, { every: 3_000 });
  const due = useAsk(tasks.due, {}, { every: 30_000, enabled: (open.data?.incidents.length ?? 0) > 0 });
  const keys = useListKeys();
  return (
    <Page
      title="Now"
      lead={
        open.data && waiting.data && holds.data
          ? nowSentence(open.data.incidents, waiting.data.open, holds.data.holds)
          : ' '
      }
      actions={
        <Button hotkey="D" className="max-phone:hidden" onClick={() => ask({ kind: 'declare' })}>
          Declare
        </Button>
      }
    >
      <div ref={keys} className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
        <div className="min-w-0">
          <BeginHere />
          <Suspense fallback={null}>
            <Waiting />
            <AppliedCapsules />
          </Suspense>
          <ParentProposals />
          <Section title="Open incidents">
            <Shown of={open}>
              {({ incidents: rows }) =>
                rows.length === 0 ? (
                  <Empty
                    title="Nothing burns"
                    action={<Button onClick={() => ask({ kind: 'declare' })}>Declare an incident</Button>}
                  >
                    Declare as soon as somebody is unsure; it takes a sentence. Or wait: candidates below are formed by
                    themselves.
                  </Empty>
                ) : (
                  <IncidentRows rows={rows} label="Open incidents" deadlines={due.data?.incidents ?? []} />
                )
              }
            </Shown>
          </Section>
          <Suspense fallback={null}>
            <LateReports />
          </Suspense>
          <Section
            title="Candidates waiting for a decision"
            aside={
              waiting.data &&
              waiting.data.open > 5 && (
                <Link to="/candidates" className="prose-link">
                  All {waiting.data.open}
                </Link>
              )
            }
          >
            <Shown of={waiting}>
              {({ items }) =>
                items.length === 0 ? (
                  <Empty title="Nothing waits">
                    Signals that resemble each other appear here as one candidate, with the reasons why.
                  </Empty>
                ) : (
                  <CandidateRows
                    rows={[...items.filter(isUnanswered), ...items.filter((it) => !isUnanswered(it))].slice(0, 5)}
                    label="Candidates"
                  />
                )
              }
            </Shown>
          </Section>
        </div>
        <aside className="min-w-0">
          <Section
            title="In force"
            aside={
              holds.data &&
              holds.data.holds.length > 0 &&
              `${holds.data.holds.length} ${holds.data.holds.length === 1 ? 'hold' : 'holds'}`
            }
          >
            <Shown of={holds}>
              {({ holds: rows }) =>
                rows.length === 0 ? (
                  <Empty title="Every system runs free">
                    An order stands here from the moment it is given until a second person lifts it.
                  </Empty>
                ) : (
                  <div className="grid gap-3">
                    {rows.slice(0, 5).map((hold) => (
                      <HoldCard key={hold.hold} hold={hold} where="now" />
                    ))}
                  </div>
                )
              }
            </Shown>
          </Section>
          <NotReady />
        </aside>
      </div>
    </Page>
  );
}

/** Where the start stands. Who has a thousand systems is past it, and reading them all would keep others waiting. */
function useStart() {
  const { data } = useAsk(inventory.list, {});
  const few = data !== undefined && data.systems.length <= MOST_AT_START;
  return useAsk(moves.show, {}, { enabled: few }).data;
}

/** On an installation that knows no system: where to begin, until it is put away on this device. */
function BeginHere() {
  const found = useStart();
  const [away, putAway] = useStartPutAway();
  if (!found || found.systems > 0 || away) return null;
  return (
    <Section title="Begin here">
      <Card>
        <p className="text-base font-[620]">Three moves to be ready, in about ten minutes</p>
        <ol className="mt-2 grid gap-1.5">
          {found.moves.map(({ move, done }, i) => (
            <li key={move} className="flex items-center gap-2.5">
              <Mark done={done}>{i + 1}</Mark>
              {MOVE_TITLES[move]}
            </li>
          ))}
        </ol>
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Link to="/start" className={buttonClass('strong')}>
            {found.moves.some(({ done }) => done) ? 'Go on' : 'Start'}
          </Link>
          <Button look="quiet" onClick={putAway}>
            Not now
          </Button>
        </div>
      </Card>
    </Section>
  );
}

const MOST_GAPS = 12;
const MOST_AT_START = 1_000;

/** What would fail tonight: a system nobody can stop, or that nobody listens to. */
function NotReady() {
  const now = useNow(30_000);
  const systems = useAsk(inventory.list, {});
  const roster = useAsk(containment.roster, { query: { limit: 2_000 } }, { every: 15_000 });
  const telemetry = useAsk(signals.telemetryState, {}, { every: 30_000 });
  const heard = useAsk(channels.coverage, { query: {} }, { every: 30_000 });
  const levers = useAsk(controlCoverage.show, { query: {} }, { every: 30_000 });
  const roles = useAsk(roleDirectory.show, {}, { every: 60_000 });
  const register = useAsk(risks.list, { query: {} }, { every: 60_000 });
  const queue = useAsk(reviews.figures, {}, { every: 60_000 });
  const drilled = useAsk(fireDrills.list, { query: {} }, { every: 60_000 });
  const outside = useAsk(monitors.list, { query: {} }, { every: 60_000 });
  const pagers = useAsk(paging.channels, {}, { every: 60_000 });
  const aside = useAsk(candidates.setAside, {}, { every: 60_000 });
  const beats = useAsk(channels.heartbeats, {}, { every: 60_000 });
  const start = useStart();
  const [away] = useStartPutAway();
  const wires = useAsk(tripwires.list, { query: {} }, { every: 60_000 });
  const strangers = useAsk(channels.unregistered, {}, { every: 30_000 });
  return (
    <Section title="Not ready">
      <Shown of={systems}>
        {({ systems: rows }) => {
          const house = houseGaps({
            roleGaps: roles.data?.gaps ?? null,
            risks: register.data?.risks ?? null,
            start: start && !away && start.moves.some(({ done }) => !done) ? startLine(start) : null,
            monitors: outside.data?.monitors ?? null,
            heartbeats: beats.data?.heartbeats ?? null,
            reviews: queue.data ?? null,
            drills: drilled.data?.systems ?? null,
            setAside: aside.data?.count ?? null,
            pageChannels: pagers.data?.channels ?? null,
          });
          const sending = heardOf(telemetry.data?.systems ?? null, beats.data?.heartbeats ?? null);
          const gaps = [
            ...house,
            ...unready(rows, roster.data?.instances ?? null, sending, now, {
              channels: heard.data?.systems ?? null,
              controls: levers.data?.systems ?? null,
              tripwires: wires.data?.tripwires ?? null,
              unregistered: strangers.data?.systems ?? [],
            }),
          ];
          if (rows.length === 0)
            return (
              <Empty title="No AI system is registered">
                <Link to="/systems" className="prose-link">
                  Register the first one
                </Link>
                : until then there is nothing to watch and nothing to stop.
              </Empty>
            );
          if (gaps.length === 0)
            return (
              <p className="rounded-lg border border-line bg-surface px-4 py-3 text-ink-2">
                Every registered system has a live guard and a control that stops it, sends interactions, tells somebody
                what it hears, names an owner, and was drilled lately. Every role has two people, and no risk is
                overdue.
              </p>
            );
          return (
            <Rows label="Not ready">
              {gaps.slice(0, MOST_GAPS).map((gap) => (
                <Gap key={`${gap.name} ${gap.says}`} gap={gap} />
              ))}
              {gaps.length > MOST_GAPS && (
                <li className="px-3.5 py-2 text-xs text-ink-3">and {gaps.length - MOST_GAPS} more</li>
              )}
            </Rows>
          );
        }}
      </Shown>
    </Section>
  );
}

function Gap({ gap }: { gap: Unready }) {
  return (
    <li className="relative border-l-4 border-l-amber px-3.5 py-2 hover:bg-sunken">
      <p>
        <Link {...gap.at} className="font-[600] after:absolute after:inset-0">
          {gap.name}
        </Link>{' '}
        {gap.says}
      </p>
      <p className="text-xs text-ink-3">{gap.fix}</p>
    </li>
  );
}

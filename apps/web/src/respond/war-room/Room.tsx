import { containment } from '@firebreak/contract/respond/containment';
import { NAMED_TIMES } from '@firebreak/core/respond/incidents';
import { Link } from '@tanstack/react-router';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { firstName, useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { LateReports } from '../../detect/candidates/index.ts';
import { SimilarCard } from '../../detect/similar/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Empty, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { Time } from '../../ui/Time.tsx';
import { Family, ParentProposals } from '../accumulation/index.ts';
import { Waiting } from '../approvals/index.ts';
import { HoldCard, Levers } from '../containment/index.ts';
import { TIME_MEANINGS, TIME_TITLES } from '../incidents/index.ts';
import { LinksCard } from '../links/index.ts';
import { Guide } from './Guide.tsx';
import { KindOfFailure } from './KindOfFailure.tsx';
import { NameSystems } from './NameSystems.tsx';
import { Reopen } from './Reopen.tsx';
import { useRoom } from './room-context.tsx';
import { Timeline } from './Timeline.tsx';

/** What to do, what happened, what is in force. On a phone what is in force comes first. */
export function Room() {
  const { incident } = useRoom();
  return (
    <div className="grid items-start gap-x-6 phone:grid-cols-[minmax(0,1fr)_20rem] desk:grid-cols-[17.75rem_minmax(0,1fr)_23.25rem]">
      <aside
        aria-label="In force"
        className="min-w-0 max-phone:order-first phone:max-desk:col-start-2 phone:max-desk:row-start-1 desk:order-3"
      >
        <LateReports
          incident={incident.id}
          reopen={({ id }) => incident.state === 'closed' && <Reopen incident={incident.id} candidate={id} />}
        />
        <Waiting incident={incident.id} />
        <ParentProposals incident={incident.id} />
        <Family incident={incident} />
        {incident.kind === 'normal' && <StoppedBy />}
        <InForce />
        <FourTimes />
        <LinksCard incident={incident.id} />
        <SimilarInRoom />
      </aside>
      <div className="min-w-0 phone:max-desk:col-start-2 desk:order-1">
        {incident.kind === 'near-miss' ? <StoppedBy /> : <Guide />}
      </div>
      <div className="min-w-0 phone:max-desk:col-start-1 phone:max-desk:row-span-2 phone:max-desk:row-start-1 desk:order-2">
        <Timeline />
      </div>
    </div>
  );
}

/** The account of a near miss: what to keep. */
function StoppedBy() {
  const { miss, kind } = useRoom().incident;
  if (miss === null) return null;
  return (
    <Section title={kind === 'near-miss' ? 'What stopped it' : 'Believed to be a near miss at first'}>
      <Card>
        <Pairs>
          <dt>Stopped by</dt>
          <dd>{miss.stoppedBy || 'erased'}</dd>
          <dt>Otherwise</dt>
          <dd>{miss.wouldHave || 'erased'}</dd>
          {miss.proximateCause && (
            <>
              <dt>Cause</dt>
              <dd>{miss.proximateCause}</dd>
            </>
          )}
        </Pairs>
      </Card>
      {kind === 'near-miss' && (
        <p className="mt-2 text-xs text-ink-3">
          No clock runs: nothing reached anybody. Close it when somebody has made sure that what stopped it will do so
          again.
        </p>
      )}
    </Section>
  );
}

function SimilarInRoom() {
  const { incident } = useRoom();
  // On a phone the timeline must not wait behind it.
  return (
    <div className="max-phone:hidden">
      <SimilarCard about={{ incident: incident.id }} most={3} kind={<KindOfFailure />} />
    </div>
  );
}

function InForce() {
  const { incident } = useRoom();
  const { ask } = useActions();
  const list = useAsk(containment.listHoldsOfIncident, { params: { incident: incident.id } }, { every: 3_000 });
  const closed = incident.state === 'closed' || incident.state === 'resolved';
  return (
    <Shown of={list}>
      {({ holds }) => {
        const active = holds.filter((hold) => hold.state === 'active');
        if (active.length > 0)
          return (
            <Section title="In force">
              <div className="grid gap-3">
                {active.slice(0, 3).map((hold) => (
                  <HoldCard key={hold.hold} hold={hold} where="room" />
                ))}
                {active.length > 3 && (
                  <Link to="/incidents/$incident/contain" params={{ incident: incident.label }} className="prose-link">
                    and {active.length - 3} more holds
                  </Link>
                )}
              </div>
            </Section>
          );
        if (closed) return null;
        return (
          <>
            <Section title="In force">
              <Empty title={holds.length > 0 ? 'Nothing any more' : 'Nothing is stopped yet'}>
                {incident.systems.length === 0 ? (
                  <>
                    No AI system is named in this incident.
                    <span className="mt-2 flex flex-wrap gap-2">
                      <NameSystems size="sm" look="strong" />
                      <Button
                        size="sm"
                        look="danger"
                        onClick={() => ask({ kind: 'contain', incident: incident.label })}
                      >
                        Contain anyway …
                      </Button>
                    </span>
                  </>
                ) : (
                  'The levers below act at once; evidence is preserved first.'
                )}
              </Empty>
            </Section>
            {incident.systems.slice(0, 3).map((system) => (
              <Levers key={system} system={system} incident={incident.label} exercise={incident.drill} />
            ))}
          </>
        );
      }}
    </Shown>
  );
}

function FourTimes() {
  const { incident } = useRoom();
  const nameOf = useNames();
  return (
    <Section
      title="Four times"
      aside={
        <Link to="/incidents/$incident/people" params={{ incident: incident.label }} className="prose-link">
          State one
        </Link>
      }
    >
      <Rows label="Four times">
        {NAMED_TIMES.map((which) => {
          const stated = incident.times[which];
          return (
            <li
              key={which}
              className="grid grid-cols-[5.5rem_minmax(0,1fr)] items-baseline gap-x-3 px-4 py-2"
              title={TIME_MEANINGS[which]}
            >
              <span className="text-ink-2">{TIME_TITLES[which]}</span>
              {stated ? (
                <span className="min-w-0">
                  <Time at={stated.at} className="font-[600]" />{' '}
                  <span className="text-xs text-ink-3">says {firstName(nameOf(stated.by))}</span>
                </span>
              ) : (
                <span className="text-amber">nobody has said</span>
              )}
            </li>
          );
        })}
      </Rows>
    </Section>
  );
}

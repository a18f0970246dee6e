import { containment } from '@firebreak/contract/respond/containment';
import { foldIncident } from '@firebreak/core/respond/incidents';
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { isCode } from '../../app/api.ts';
import { useAsk } from '../../app/ask.ts';
import { useKeys } from '../../app/keys.ts';
import { useGoToNote } from '../../app/note.ts';
import { useTitle } from '../../app/Page.tsx';
import { NotFound, Trouble } from '../../app/Trouble.tsx';
import { Skeleton } from '../../ui/Card.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Switcher } from '../../ui/Switcher.tsx';
import { GlassBanner } from '../break-glass/index.ts';
import { useFactsOf } from './facts-of-room.ts';
import { RoomHeader } from './RoomHeader.tsx';
import { RoomContext } from './room-context.tsx';

/** The frame of a war room: its facts folded live, the header, and the tabs. */
export function RoomLayout() {
  const { incident: name } = useParams({ from: '/shell/incidents/$incident' });
  const loaded = useFactsOf(name);
  const facts = loaded.data?.facts;
  const incident = useMemo(() => (facts ? foldIncident(facts) : null), [facts]);
  const view = useMemo(() => (incident && facts ? { incident, facts } : null), [incident, facts]);
  const holds = useAsk(containment.listHoldsOfIncident, { params: { incident: name } });
  const active = holds.data?.holds.filter((hold) => hold.state === 'active').length ?? 0;
  const navigate = useNavigate();
  useTitle(incident ? `${incident.label} ${incident.title}` : name);
  const note = useGoToNote(name);
  useKeys({
    n: note,
    '1': () => void navigate({ to: '/incidents/$incident', params: { incident: name } }),
    '2': () => void navigate({ to: '/incidents/$incident/triage', params: { incident: name } }),
    '3': () => void navigate({ to: '/incidents/$incident/contain', params: { incident: name } }),
    '4': () => void navigate({ to: '/incidents/$incident/evidence', params: { incident: name } }),
    '5': () => void navigate({ to: '/incidents/$incident/people', params: { incident: name } }),
  });
  if (loaded.error && !loaded.data) {
    if (isCode(loaded.error, 'incident.unknown')) return <NotFound />;
    return (
      <main id="main" className="p-6">
        <Trouble error={loaded.error} again={() => void loaded.refetch()} />
      </main>
    );
  }
  if (!view)
    return (
      <main id="main" className="p-6">
        <h1 className="sr-only">{name}</h1>
        <Skeleton lines={8} />
      </main>
    );
  const params = { incident: name };
  const seats = Object.keys(view.incident.roles).length;
  return (
    <RoomContext value={view}>
      <RoomHeader
        tabs={
          <Switcher label="Incident">
            <Link
              to="/incidents/$incident"
              params={params}
              activeOptions={{ exact: true }}
              activeProps={{ 'aria-current': 'page' }}
            >
              Room
            </Link>
            <Link to="/incidents/$incident/triage" params={params} activeProps={{ 'aria-current': 'page' }}>
              Triage
            </Link>
            <Link to="/incidents/$incident/contain" params={params} activeProps={{ 'aria-current': 'page' }}>
              Contain{active > 0 && <Count>{active}</Count>}
            </Link>
            <Link to="/incidents/$incident/evidence" params={params} activeProps={{ 'aria-current': 'page' }}>
              Evidence<Count>{view.facts.length}</Count>
            </Link>
            <Link to="/incidents/$incident/people" params={params} activeProps={{ 'aria-current': 'page' }}>
              People<span className="max-phone:hidden"> and times</span>
              {seats > 0 && <Count>{seats}</Count>}
            </Link>
          </Switcher>
        }
      />
      <main id="main" tabIndex={-1} className="p-4 pb-8 outline-none phone:p-6">
        <GlassBanner incident={view.incident.id} />
        {loaded.data?.cut && (
          <Notice tone="amber" className="mb-4">
            This incident has more facts than a screen can hold. The oldest are shown; the bundle has all of them.
          </Notice>
        )}
        <Outlet />
      </main>
    </RoomContext>
  );
}

function Count({ children }: { children: number }) {
  return <span className="ml-1.5 text-2xs font-normal text-ink-3">{children.toLocaleString('en')}</span>;
}

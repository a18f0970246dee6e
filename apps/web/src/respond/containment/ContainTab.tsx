import { containment } from '@firebreak/contract/respond/containment';
import { executors } from '@firebreak/contract/respond/executors';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Section } from '../../ui/Card.tsx';
import { ActionAudit } from '../action-audit/index.ts';
import { Waiting } from '../approvals/index.ts';
import { SwitchesOf } from '../executors/index.ts';
import { LadderCard } from '../recommendation/index.ts';
import { NameSystems, useRoom } from '../war-room/index.ts';
import { HoldCard } from './HoldCard.tsx';
import { Levers } from './Levers.tsx';

/** All holds of the incident, and the levers at hand. */
export function ContainTab() {
  const room = useRoom();
  const { ask } = useActions();
  const list = useAsk(containment.listHoldsOfIncident, { params: { incident: room.incident.id } }, { every: 3_000 });
  const orders =
    useAsk(executors.ofIncident, { params: { incident: room.incident.id } }, { every: 3_000 }).data?.orders ?? [];
  // What it was declared for, and what it holds since.
  const held = list.data?.holds.map(({ system }) => system) ?? [];
  const systems = [...new Set([...room.incident.systems, ...held])];
  return (
    <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
      <div className="min-w-0">
        <Waiting incident={room.incident.id} />
        <Shown of={list} lines={6}>
          {({ holds }) => {
            const active = holds.filter((hold) => hold.state === 'active');
            const ended = holds.filter((hold) => hold.state !== 'active');
            return (
              <>
                <Section title={active.length === 0 ? 'In force' : `In force · ${active.length}`}>
                  {active.length === 0 ? (
                    <Empty
                      title="This incident holds nothing"
                      action={
                        <Button look="brake" onClick={() => ask({ kind: 'contain', incident: room.incident.label })}>
                          Contain
                        </Button>
                      }
                    >
                      Evidence is preserved before anything changes, and every order says what it touches before you
                      give it.
                    </Empty>
                  ) : (
                    <div className="grid gap-3">
                      {active.map((hold) => (
                        <HoldCard key={hold.hold} hold={hold} where="room">
                          <SwitchesOf hold={hold.hold} orders={orders} />
                        </HoldCard>
                      ))}
                    </div>
                  )}
                </Section>
                {holds.some((hold) => hold.what.kind === 'revoke') && <ActionAudit incident={room.incident.id} />}
                {ended.length > 0 && (
                  <Section title={`Ended · ${ended.length}`}>
                    <div className="grid gap-3">
                      {ended.map((hold) => (
                        <HoldCard key={hold.hold} hold={hold} where="room">
                          <SwitchesOf hold={hold.hold} orders={orders} />
                        </HoldCard>
                      ))}
                    </div>
                  </Section>
                )}
              </>
            );
          }}
        </Shown>
      </div>
      <aside className="min-w-0">
        {list.data && systems.length === 0 && (
          <Section title="What can stop it">
            <Empty title="No AI system is named in this incident" action={<NameSystems look="strong" />}>
              Then what can stop it stands here. Contain asks which one, too, and shows what it would touch before
              anything changes.
            </Empty>
          </Section>
        )}
        {room.incident.systems.length === 0 && systems.length > 0 && (
          <Section title="No AI system is named">
            <Empty title={`It holds ${systems.join(', ')}`} action={<NameSystems look="strong" />}>
              Named, it stands in lists and triage as well.
            </Empty>
          </Section>
        )}
        {systems.map((system) => (
          <div key={system}>
            {room.incident.state !== 'closed' && <LadderCard system={system} incident={room.incident.label} />}
            <Levers system={system} incident={room.incident.label} exercise={room.incident.drill} />
          </div>
        ))}
      </aside>
    </div>
  );
}

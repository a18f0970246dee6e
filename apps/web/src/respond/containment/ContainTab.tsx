import { containment } from '@firebreak/contract/respond/containment';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Section } from '../../ui/Card.tsx';
import { sentence } from '../../ui/sentence.ts';
import { useRoom } from '../war-room/room-context.tsx';
import { HoldCard } from './HoldCard.tsx';

/** All holds of the incident, and the levers at hand. */
export function ContainTab() {
  const room = useRoom();
  const { ask } = useActions();
  const list = useAsk(containment.listHoldsOfIncident, { params: { incident: room.incident.id } }, { every: 3_000 });
  return (
    <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem]">
      <div className="min-w-0">
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
                        <HoldCard key={hold.hold} hold={hold} where="room" />
                      ))}
                    </div>
                  )}
                </Section>
                {ended.length > 0 && (
                  <Section title={`Ended · ${ended.length}`}>
                    <div className="grid gap-3">
                      {ended.map((hold) => (
                        <HoldCard key={hold.hold} hold={hold} where="room" />
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
        {room.incident.systems.map((system) => (
          <Levers key={system} system={system} incident={room.incident.label} />
        ))}
      </aside>
    </div>
  );
}

/** The controls of one system as buttons, ready to pull for this incident. */
export function Levers({ system, incident }: { system: string; incident: string }) {
  const { ask } = useActions();
  const list = useAsk(containment.listControls, { params: { system } });
  const controls = list.data?.controls.filter((each) => !each.retired) ?? [];
  return (
    <Section title={`What can stop ${system}`}>
      <Shown of={list}>
        {() => (
          <ul className="grid gap-2">
            {controls.map((control) => (
              <li key={control.control}>
                <button
                  type="button"
                  onClick={() => ask({ kind: 'contain', incident, system, control: control.control })}
                  className="w-full rounded-md border border-line-strong bg-surface px-3.5 py-2.5 text-left hover:border-ember-line hover:bg-ember-soft"
                >
                  <span className="block font-[620]">{control.name}</span>
                  <span className="block text-xs text-ink-2">
                    {sentence(control.says)}
                    {control.sideEffects && `. ${control.sideEffects}`}
                  </span>
                </button>
              </li>
            ))}
            <li>
              <Button className="w-full" onClick={() => ask({ kind: 'contain', incident, system })}>
                {controls.length === 0 ? 'Nothing is wired: disable by hand …' : 'Something else …'}
              </Button>
            </li>
          </ul>
        )}
      </Shown>
    </Section>
  );
}

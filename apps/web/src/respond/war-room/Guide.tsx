import { warRoom } from '@firebreak/contract/respond/war-room';
import type { Instant } from '@firebreak/core/kernel';
import { PHASES } from '@firebreak/core/prepare/playbooks';
import { type GuideStep, guideAt } from '@firebreak/core/respond/war-room';
import { Check } from 'lucide-react';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Card.tsx';
import { useNow } from '../../ui/clock.ts';
import { cx } from '../../ui/cx.ts';
import { span } from '../../ui/durations.ts';
import { useRoom } from './room-context.tsx';

/** The steps of the phase the room is in, then what earlier phases left open, then what comes. */
export function Guide() {
  const { incident, facts } = useRoom();
  const now = useNow(15_000);
  const [ahead, setAhead] = useState(false);
  const guide = guideAt(facts, incident.declaredAt, new Date(now).toISOString() as Instant);
  const at = PHASES.findIndex((phase) => phase.key === guide.phase);
  const here = PHASES[at]!;
  const stepsOf = (key: string) => guide.steps.filter((step) => step.phase === key);
  const earlier = PHASES.slice(0, at)
    .filter((phase) => stepsOf(phase.key).length > 0)
    .reverse();
  const later = PHASES.slice(at + 1).filter((phase) => stepsOf(phase.key).length > 0);
  const done = guide.steps.filter((step) => step.done).length;
  return (
    <>
      <Section
        title={<PhaseLeft name={here.name} endsAt={Date.parse(incident.declaredAt) + here.to * 60_000} />}
        aside={
          <>
            {done} of {guide.steps.length} done
          </>
        }
      >
        <Steps steps={stepsOf(here.key)} />
      </Section>
      {earlier.map((phase) => {
        const steps = stepsOf(phase.key);
        const open = steps.filter((step) => !step.done).length;
        return (
          <Section key={phase.key} title={`${phase.name} · ${open === 0 ? 'done' : `${open} left open`}`}>
            <Steps steps={steps} />
          </Section>
        );
      })}
      {later.length > 0 &&
        (ahead ? (
          later.map((phase) => (
            <Section key={phase.key} title={`${phase.name} · later`}>
              <Steps steps={stepsOf(phase.key)} />
            </Section>
          ))
        ) : (
          <Button size="sm" look="quiet" onClick={() => setAhead(true)}>
            Show what comes later
          </Button>
        ))}
    </>
  );
}

function PhaseLeft({ name, endsAt }: { name: string; endsAt: number }) {
  const left = endsAt - useNow(1_000);
  return left > 0 ? `${name} · next ${span(left)}` : name;
}

function Steps({ steps }: { steps: readonly GuideStep[] }) {
  const { incident } = useRoom();
  const writes = useMay('room.write');
  const tick = useAct(warRoom.tick);
  return (
    <>
      <ul className="rounded-lg border border-line bg-surface px-4 py-1.5 *:border-t *:border-t-line *:first:border-t-0">
        {steps.map((step) => (
          <li key={step.key}>
            <label className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-2 py-2">
              <input
                type="checkbox"
                className="peer sr-only"
                checked={step.done !== null}
                disabled={!writes || step.done === 'fact' || tick.isPending}
                onChange={(event) =>
                  tick.mutate({
                    params: { incident: incident.id, step: step.key },
                    body: { done: event.target.checked },
                  })
                }
              />
              <span
                aria-hidden="true"
                className={cx(
                  'mt-0.5 grid size-4 place-items-center rounded-sm border-[1.5px] peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-blue',
                  step.done ? 'border-moss bg-moss text-surface' : 'border-edge',
                )}
              >
                {step.done && <Check size={12} strokeWidth={3.5} />}
              </span>
              <span className={step.done ? 'text-ink-3' : 'text-ink'}>
                {step.text}
                {step.done === 'fact' && <span className="block text-2xs">done, the record shows it</span>}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {tick.error && <Trouble error={tick.error} />}
    </>
  );
}

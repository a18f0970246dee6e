import type { Instant } from '@firebreak/core/kernel';
import { PHASES } from '@firebreak/core/prepare/playbooks';
import { guideAt } from '@firebreak/core/respond/war-room';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../ui/Button.tsx';
import { Section } from '../../ui/Card.tsx';
import { useNow } from '../../ui/clock.ts';
import { span } from '../../ui/durations.ts';
import { Flag } from '../../ui/Marks.tsx';
import { KindDiffers } from './KindDiffers.tsx';
import { PlaybookDialog } from './PlaybookDialog.tsx';
import { useRoom } from './room-context.tsx';
import { StepRows } from './StepRows.tsx';

/** The steps of the phase the room is in, then what earlier phases left open, then what comes. */
export function Guide() {
  const { incident, facts } = useRoom();
  const now = useNow(15_000);
  const [ahead, setAhead] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const writes = useMay('room.write');
  const guide = guideAt(facts, incident.declaredAt, new Date(now).toISOString() as Instant);
  const at = PHASES.findIndex((phase) => phase.key === guide.phase);
  const here = PHASES[at]!;
  const stepsOf = (key: string) => guide.steps.filter((step) => step.phase === key);
  const earlier = PHASES.slice(0, at)
    .filter((phase) => stepsOf(phase.key).length > 0)
    .reverse();
  const later = PHASES.slice(at + 1).filter((phase) => stepsOf(phase.key).length > 0);
  const done = guide.steps.filter((step) => step.done).length;
  const late = guide.steps.filter((step) => step.late).length;
  return (
    <>
      <Section
        title="Playbook"
        aside={
          writes && (
            <Button size="sm" onClick={() => setChoosing(true)}>
              {guide.playbook ? 'Follow another' : 'Follow one'}
            </Button>
          )
        }
      >
        <KindDiffers />
        <p className="text-sm">
          {guide.playbook ? (
            <Link to="/playbooks/$playbook" params={{ playbook: guide.playbook.key }} className="prose-link">
              {guide.playbook.name}
            </Link>
          ) : (
            'None yet: what holds for every incident.'
          )}{' '}
          {late > 0 && <Flag tone="amber">{late === 1 ? '1 step late' : `${late} steps late`}</Flag>}
        </p>
      </Section>
      <Section
        title={<PhaseLeft name={here.name} endsAt={Date.parse(incident.declaredAt) + here.to * 60_000} />}
        aside={
          <>
            {done} of {guide.steps.length} done
          </>
        }
      >
        <StepRows steps={stepsOf(here.key)} />
      </Section>
      {earlier.map((phase) => {
        const steps = stepsOf(phase.key);
        const open = steps.filter((step) => !step.done).length;
        return (
          <Section key={phase.key} title={`${phase.name} · ${open === 0 ? 'done' : `${open} left open`}`}>
            <StepRows steps={steps} />
          </Section>
        );
      })}
      {later.length > 0 &&
        (ahead ? (
          later.map((phase) => (
            <Section key={phase.key} title={`${phase.name} · later`}>
              <StepRows steps={stepsOf(phase.key)} />
            </Section>
          ))
        ) : (
          <Button size="sm" look="quiet" onClick={() => setAhead(true)}>
            Show what comes later
          </Button>
        ))}
      {choosing && <PlaybookDialog onClose={() => setChoosing(false)} />}
    </>
  );
}

function PhaseLeft({ name, endsAt }: { name: string; endsAt: number }) {
  const left = endsAt - useNow(1_000);
  return left > 0 ? `${name} · next ${span(left)}` : name;
}

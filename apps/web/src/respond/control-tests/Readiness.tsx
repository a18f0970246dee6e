import type { DeclaredControl } from '@firebreak/contract/respond/containment';
import { controlTests } from '@firebreak/contract/respond/control-tests';
import { Link, useNavigate } from '@tanstack/react-router';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { effectWords, readyWords } from './words.ts';

/** Whether a control can be counted on, why not, how fast it works, and when it was last tested. */
export function Readiness({ control }: { control: DeclaredControl }) {
  const { readiness, effect, lastTest } = control;
  const { word, tone } = readyWords(readiness);
  const fast = effectWords(effect);
  return (
    <p className="mt-0.5 flex flex-wrap items-baseline gap-x-2 gap-y-0.5 text-xs text-ink-2">
      <Flag tone={tone}>{word}</Flag>
      <span>{readiness.says}</span>
      {fast && <span>{fast}</span>}
      {lastTest && (
        <Link to="/control-tests/$test" params={{ test: lastTest.test }} className="prose-link">
          last test <Ago at={lastTest.at} />
        </Link>
      )}
    </p>
  );
}

/** Tests a control now, and opens what comes of it. In an exercise it is a rehearsal. */
export function TestNow({ control, exercise }: { control: DeclaredControl; exercise?: string }) {
  const navigate = useNavigate();
  const may = useMay('containment.order');
  const begin = useAct(controlTests.begin, {
    refreshes: ['/api/v1/systems', '/api/v1/control-tests', '/api/v1/containment'],
    done: ({ test }) => void navigate({ to: '/control-tests/$test', params: { test: test.test } }),
  });
  if (!may) return null;
  const params = { system: control.system, control: control.control };
  const body = exercise === undefined ? {} : { incident: exercise };
  return (
    <>
      <Button
        size="sm"
        busy={begin.isPending}
        onClick={() => begin.mutate({ params, body })}
        aria-label={`${exercise === undefined ? 'Test now' : 'Rehearse'}: ${control.name}`}
        title="It goes to every instance; no real request meets it."
      >
        {exercise === undefined ? 'Test now' : 'Rehearse'}
      </Button>
      {begin.error && <Trouble error={begin.error} />}
    </>
  );
}

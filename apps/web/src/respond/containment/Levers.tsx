import { containment } from '@firebreak/contract/respond/containment';
import { Link } from '@tanstack/react-router';
import { useActions } from '../../app/actions.tsx';
import { isCode } from '../../app/api.ts';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { Empty, Section } from '../../ui/Card.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Readiness, TestNow } from '../control-tests/index.ts';
import { ActsFor } from '../executors/index.ts';

/** The controls of one system as buttons, ready to pull for this incident. */
export function Levers({ system, incident, exercise }: { system: string; incident: string; exercise?: boolean }) {
  const { ask } = useActions();
  const list = useAsk(containment.listControls, { params: { system } });
  if (isCode(list.error, 'system.unknown'))
    return (
      <Section title={`What can stop ${system}`}>
        <Empty
          title="It is not registered"
          action={
            <Link to="/systems" className={buttonClass('plain', 'sm')}>
              Register it
            </Link>
          }
        >
          Telemetry names {system}, but nobody has registered it here. Once it is, disabling it works at once.
        </Empty>
      </Section>
    );
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
                <Readiness control={control} />
                {exercise && (
                  <div className="mt-1">
                    <TestNow control={control} exercise={incident} />
                  </div>
                )}
                <ActsFor system={system} control={control.control} />
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

import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { useAsk } from '../../app/ask.ts';
import { Rows } from '../../ui/Card.tsx';
import { Ago } from '../../ui/Time.tsx';

/** What could not be stopped tonight, and which levers were never tried. */
export function ControlCoverage({ system }: { system: string }) {
  const read = useAsk(controlCoverage.show, { query: { system } }, { every: 30_000 });
  const found = read.data?.systems[0];
  if (!found) return null;
  const tested = found.controls.filter((each) => each.testedAt !== null);
  return (
    <>
      {found.missing.length === 0 && (
        <p className="text-ink-2">Everything can be stopped, and every lever was tried.</p>
      )}
      {found.missing.length > 0 && (
        <Rows label="What is missing">
          {found.missing.map(({ says }) => (
            <li key={says} className="border-l-4 border-l-amber px-3.5 py-1.5">
              {says}
            </li>
          ))}
        </Rows>
      )}
      {tested.length > 0 && (
        <p className="mt-2 text-xs text-ink-3">
          Tested:{' '}
          {tested.map(({ control, name, testedAt }, i) => (
            <span key={control}>
              {i > 0 && ', '}
              {name} <Ago at={testedAt!} />
            </span>
          ))}
        </p>
      )}
    </>
  );
}

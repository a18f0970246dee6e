import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { type Control, type FittingLever, fittingLevers, worthWiring } from '@firebreak/core/respond/containment';
import { ARCHITECTURE_WORDS } from '../../prepare/inventory/index.ts';

function Lever({ lever }: { lever: FittingLever }) {
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <span className="font-[600]">{lever.title}</span>
      <span className="text-xs text-ink-2">{lever.fit === 'not' ? lever.why : lever.does}</span>
    </li>
  );
}

/** Which levers make sense for what the system is built of, which of them are not wired, and which do not fit. */
export function WorthWiring({
  architecture,
  wired,
}: {
  architecture: AiSystem['architecture'];
  wired: readonly Control[];
}) {
  if (architecture === 'unsaid')
    return (
      <p className="text-xs text-ink-2">
        What the system is built of is not said. Say it on the page of the system, and the levers that fit it come
        first.
      </p>
    );
  const worth = worthWiring(architecture, wired);
  const not = fittingLevers(architecture).filter(({ fit }) => fit === 'not');
  return (
    <details className="rounded-md border border-line bg-sunken px-3 py-2">
      <summary className="cursor-pointer text-sm">
        {worth.length === 0
          ? `Everything that comes first for this architecture is wired (${ARCHITECTURE_WORDS[architecture]})`
          : `Worth wiring for this architecture (${ARCHITECTURE_WORDS[architecture]}): ${worth.length}`}
      </summary>
      <ul className="mt-2 grid gap-1">
        {worth.map((lever) => (
          <Lever key={lever.lever} lever={lever} />
        ))}
      </ul>
      {not.length > 0 && (
        <>
          <p className="mt-2 text-xs font-[640] text-ink-2">Does not fit</p>
          <ul className="grid gap-1">
            {not.map((lever) => (
              <Lever key={lever.lever} lever={lever} />
            ))}
          </ul>
        </>
      )}
    </details>
  );
}

import type { Recommendation } from '@firebreak/contract/respond/recommendation';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';

/** Nothing can be ordered from here: what to do with one's own hands, and who can. */
export function ByHand({
  of,
  system,
}: {
  of: NonNullable<Recommendation['byHand']>;
  system: Recommendation['system'];
}) {
  return (
    <Notice tone="ember" title="Nothing can stop this from here: do it by hand">
      <ol className="mt-1 grid list-decimal gap-1 pl-5">
        {of.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p className="mt-2 font-[600]">Who can</p>
      {of.people.length === 0 && system.owner === '' ? (
        <p>Nobody is named: neither an owner of the system nor anybody in the role directory.</p>
      ) : (
        <ul className="grid gap-0.5" aria-label="Who can">
          {system.owner !== '' && (
            <li>
              {system.owner}, who answers for {system.name}
            </li>
          )}
          {of.people.map(({ role, title, name }) => (
            <li key={`${role}${name}`}>
              {name}, {sentence(title)}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

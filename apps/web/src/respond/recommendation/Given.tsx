import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { buttonClass } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';
import { acknowledgedTruth, missingWords } from '../containment/index.ts';

/** What became of the order, as it happens: ordered, then obeyed by so many, then confirmed or not. */
export function Given({ hold: ordered, incident }: { hold: HoldRow; incident: string }) {
  const read = useAsk(containment.showHold, { params: { hold: ordered.hold } }, { every: 1_000 });
  const hold = read.data ?? ordered;
  const confirmed = hold.confirmation === 'confirmed';
  const failed = hold.confirmation === 'failed';
  const truth = acknowledgedTruth(hold);
  return (
    <div className="grid gap-3">
      <Notice
        live
        tone={confirmed ? 'moss' : 'amber'}
        title={
          confirmed
            ? `Confirmed: ${hold.says}`
            : failed
              ? `Not obeyed everywhere: ${hold.says}`
              : `Ordered: ${hold.says}`
        }
      >
        <p>
          {hold.label}: {truth.figure} {truth.says}.{' '}
          {hold.manifest ? 'Evidence was preserved first.' : 'Evidence was not preserved.'}
        </p>
        {failed && <p className="mt-1">{sentence(missingWords(hold) ?? '')}</p>}
      </Notice>
      <Link
        to="/incidents/$incident"
        params={{ incident }}
        className={cx(buttonClass('strong', 'lg'), 'max-phone:w-full')}
      >
        Go to the war room
      </Link>
    </div>
  );
}

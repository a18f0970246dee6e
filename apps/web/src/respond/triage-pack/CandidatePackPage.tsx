import { triagePack } from '@firebreak/contract/respond/triage-pack';
import { Link, useParams } from '@tanstack/react-router';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Pack } from './Pack.tsx';

/** The triage pack of a candidate, before anybody has declared. */
export function CandidatePackPage() {
  const { candidate } = useParams({ from: '/shell/candidates/$candidate/pack' });
  const id = candidate as `cnd_${string}`;
  const pack = useAsk(triagePack.ofCandidate, { params: { candidate: id } }, { every: 15_000 });
  const { ask } = useActions();
  return (
    <Page
      title="Triage pack"
      eyebrow={
        <Link to="/candidates/$candidate" params={{ candidate }} className="hover:underline">
          {pack.data?.title ?? 'Candidate'}
        </Link>
      }
      lead="What changed, where it began, whom it reached, and what nobody knows yet."
      {...(pack.data?.system && { system: pack.data.system.key })}
      actions={
        <>
          <Button className="print:hidden" onClick={() => window.print()}>
            Print
          </Button>
          {pack.data?.incident === null && (
            <Button
              look="strong"
              className="max-phone:hidden print:hidden"
              onClick={() => ask({ kind: 'declare', candidate: id })}
            >
              Declare
            </Button>
          )}
        </>
      }
    >
      <Shown of={pack} lines={8}>
        {(it) => <Pack pack={it} />}
      </Shown>
    </Page>
  );
}

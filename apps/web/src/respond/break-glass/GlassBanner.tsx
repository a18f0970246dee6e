import { breakGlass } from '@firebreak/contract/respond/break-glass';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Ago, Time } from '../../ui/Time.tsx';

const REFRESHES = ['/api/v1/glasses', '/api/v1/holds', '/api/v1/incidents', '/api/v1/approvals'];

/** On every screen of the incident, for as long as somebody lets go alone, or nobody has answered for it in time. */
export function GlassBanner({ incident }: { incident: string }) {
  const nameOf = useNames();
  const may = useMay('containment.order');
  const list = useAsk(breakGlass.list, { query: { incident } }, { every: 15_000 });
  const end = useAct(breakGlass.end, { refreshes: REFRESHES });
  const loud = (list.data?.glasses ?? []).filter(
    (it) => it.state === 'open' || (it.overdue && it.approved.length < it.needed),
  );
  return loud.map((it) => (
    <Notice
      key={it.glass}
      tone="ember"
      live
      className="mb-4"
      title={
        it.state === 'open'
          ? `The glass is broken: ${it.system} runs without “${it.says}”`
          : `Nobody has answered for the glass broken on ${it.label}`
      }
    >
      <p>
        {nameOf(it.brokenBy)} let {it.label} go alone at <Time at={it.brokenAt} />: “{it.reason}”{' '}
        {it.state === 'open' && (
          <>
            It holds again <Ago at={it.until} />.
          </>
        )}{' '}
        {it.approved.length} of {it.needed} others have agreed
        {it.overdue ? ', and it is overdue' : ''}.{' '}
        {it.paged && (it.paged.to.length === 0 ? 'Nobody could be paged: no channel is set up.' : '')}
      </p>
      {it.state === 'open' && may && (
        <Button
          size="sm"
          look="brake"
          className="mt-2"
          busy={end.isPending}
          onClick={() =>
            end.mutate({
              params: { incident: it.incident, glass: it.glass },
              body: { reason: 'put back on the screen' },
            })
          }
        >
          Hold everybody again
        </Button>
      )}
      {end.error && <Trouble error={end.error} />}
    </Notice>
  ));
}

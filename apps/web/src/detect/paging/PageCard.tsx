import { paging } from '@firebreak/contract/detect/paging';
import type { CandidateId } from '@firebreak/core/detect/candidates';
import { Link } from '@tanstack/react-router';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Ago, Time } from '../../ui/Time.tsx';
import { CAUSE_WORDS, signalsLine } from './words.ts';

interface Told {
  readonly id: CandidateId;
  readonly open: boolean;
  readonly acknowledged: { readonly at: string; readonly by: { readonly kind: string; readonly id: string } } | null;
}

/** That no channel is there is said above and below the list. */
const shown = <T extends { readonly kind: string }>(all: readonly T[]): T[] =>
  all.filter(({ kind }) => kind !== 'no-channel');

/** Who was told of a candidate, or why nobody was: the rule that pages says both. */
export function PageCard({ candidate }: { candidate: Told }) {
  const read = useAsk(paging.why, { params: { candidate: candidate.id } }, { every: 15_000 });
  const judges = useMay('candidate.judge');
  const nameOf = useNames();
  const looking = useAct(paging.acknowledge, { refreshes: ['/api/v1/candidates'] });
  return (
    <Section title="Who was told">
      <Shown of={read} lines={3}>
        {({ says, hindrances, pages, nextAt, channels }) => (
          <Card>
            <p className="font-[600]">{says}</p>
            {candidate.acknowledged ? (
              <p className="mt-1 text-ink-2">
                {nameOf(candidate.acknowledged.by as never)} looks at it since <Time at={candidate.acknowledged.at} />.
              </p>
            ) : (
              pages.length > 0 &&
              candidate.open &&
              judges && (
                <Button
                  look="strong"
                  className="mt-2.5 max-phone:w-full"
                  busy={looking.isPending}
                  onClick={() => looking.mutate({ params: { candidate: candidate.id } })}
                >
                  I am looking
                </Button>
              )
            )}
            {looking.error && <Trouble error={looking.error} />}
            {shown(hindrances).length > 0 && (
              <ul className="mt-2 grid list-disc gap-1 pl-4 text-ink-2 marker:text-ink-3">
                {shown(hindrances).map((each) => (
                  <li key={`${each.kind}${each.of}`}>
                    {sentence(each.says)}
                    {each.signals > 0 && (
                      <span className="text-xs text-ink-3"> · holds back {signalsLine(each.signals)}</span>
                    )}
                    {each.of && (
                      <>
                        {' '}
                        <Link
                          to="/paging"
                          search={each.kind === 'condition' ? { show: 'conditions' } : {}}
                          className="prose-link text-xs"
                        >
                          Change
                        </Link>
                      </>
                    )}
                  </li>
                ))}
              </ul>
            )}
            {pages.length > 0 && (
              <ol className="mt-2.5 grid gap-1.5 border-t border-line pt-2.5 text-xs">
                {pages.map((page) => (
                  <li key={page.page} className="grid grid-cols-[3.6rem_minmax(0,1fr)] gap-2">
                    <Time at={page.at} className="text-ink-3" />
                    <span>
                      Sev {page.severity}, {CAUSE_WORDS[page.cause]}
                      {page.cause === 'promised' && <span className="block text-ink-3">{sentence(page.because)}</span>}
                      {page.to?.map(({ id, name }) => {
                        const handed = page.handed.find(({ to }) => to === id);
                        return (
                          <span key={id} className="mt-0.5 flex flex-wrap items-center gap-1.5 text-ink-3">
                            {name}
                            <Flag tone={handed === undefined ? 'plain' : handed.taken ? 'moss' : 'amber'}>
                              {handed === undefined ? 'being told' : handed.taken ? 'took it' : 'never took it'}
                            </Flag>
                          </span>
                        );
                      })}
                    </span>
                  </li>
                ))}
              </ol>
            )}
            <p className="mt-2 text-2xs text-ink-3">
              {channels.length === 0 ? (
                <>
                  No channel is subscribed to pages.{' '}
                  <Link to="/settings" className="prose-link">
                    Subscribe one
                  </Link>
                  .
                </>
              ) : (
                `A page goes to ${channels.map(({ name }) => name).join(', ')}.`
              )}
              {nextAt && (
                <>
                  {' '}
                  Looked at again <Ago at={nextAt} />.
                </>
              )}
            </p>
          </Card>
        )}
      </Shown>
    </Section>
  );
}

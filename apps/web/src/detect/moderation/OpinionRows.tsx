import { type Moderator, moderation, type Opinion } from '@firebreak/contract/detect/moderation';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

const SHOWS = ['flagged', 'none', 'clean'] as const;
const SHOW_WORDS = { flagged: 'Flagged', none: 'No opinion', clean: 'Clean' } as const;

function Judge({ moderator, opinion }: { moderator: Moderator; opinion: Opinion }) {
  const judge = useAct(moderation.judge, { refreshes: ['/api/v1/moderators'] });
  const say = (right: boolean) =>
    judge.mutate({ params: { moderator: moderator.id }, body: { interaction: opinion.interaction, right } });
  return (
    <>
      <div className="mt-1.5 flex flex-wrap items-center gap-1.5">
        {([true, false] as const).map((right) => (
          <Button
            key={String(right)}
            size="sm"
            look={opinion.right === right ? 'plain' : 'quiet'}
            aria-pressed={opinion.right === right}
            disabled={judge.isPending}
            onClick={() => say(right)}
          >
            {right ? 'Rightly flagged' : 'Wrongly flagged'}
          </Button>
        ))}
      </div>
      {judge.error && <Trouble error={judge.error} />}
    </>
  );
}

function OpinionRow({ moderator, opinion, judges }: { moderator: Moderator; opinion: Opinion; judges: boolean }) {
  const { said, asked, answer } = opinion;
  return (
    <li className="px-4 py-2.5">
      <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-sm">
        {opinion.state === 'none' ? (
          <span>{opinion.why ?? 'It said nothing.'}</span>
        ) : (
          said?.categories.map(({ name, score }) => (
            <Flag key={name} tone="amber">
              {name}
              {score !== null && ` ${score.toFixed(2)}`}
            </Flag>
          ))
        )}
        <span className="text-xs text-ink-3">
          {opinion.system} · <Ago at={opinion.at} />
          {opinion.model !== null && ` · ${opinion.model}`}
          {opinion.latencyMs !== null && ` · ${Math.round(opinion.latencyMs)} ms`}
        </span>
      </p>
      {said?.reason && <p className="mt-0.5 text-sm">It says: {said.reason}</p>}
      {asked === null && answer === null && (
        <p className="mt-0.5 text-xs text-ink-3">The words were not captured, or are no longer kept.</p>
      )}
      {asked !== null && (
        <p className="mt-0.5 text-sm break-words text-ink-2">
          <span className="text-xs text-ink-3">asked </span>
          {asked}
        </p>
      )}
      {answer !== null && (
        <p className="mt-0.5 text-sm break-words">
          <span className="text-xs text-ink-3">answered </span>
          {answer}
        </p>
      )}
      {judges && opinion.state === 'flagged' && <Judge moderator={moderator} opinion={opinion} />}
    </li>
  );
}

/** What a moderator said of which words, newest first; flags can be judged right or wrong. */
export function OpinionRows({ moderator }: { moderator: Moderator }) {
  const [show, setShow] = useState<(typeof SHOWS)[number]>('flagged');
  const judges = useMay('candidate.judge');
  const seen = useAsk(moderation.opinions, { params: { moderator: moderator.id }, query: { show, limit: 30 } });
  return (
    <div className="mt-2">
      <div className="mb-2 flex flex-wrap gap-1.5">
        {SHOWS.map((which) => (
          <Button
            key={which}
            size="sm"
            look={show === which ? 'plain' : 'quiet'}
            aria-pressed={show === which}
            onClick={() => setShow(which)}
          >
            {SHOW_WORDS[which]}
          </Button>
        ))}
      </div>
      <Shown of={seen} lines={2}>
        {({ opinions }) =>
          opinions.length === 0 ? (
            <p className="text-xs text-ink-3">
              {show === 'flagged' && 'Nothing flagged so far.'}
              {show === 'none' && 'It has had an opinion on everything it was asked.'}
              {show === 'clean' && 'Nothing found clean so far.'}
            </p>
          ) : (
            <Rows label={`${moderator.name}: ${SHOW_WORDS[show]}`}>
              {opinions.map((opinion) => (
                <OpinionRow key={opinion.interaction} moderator={moderator} opinion={opinion} judges={judges} />
              ))}
            </Rows>
          )
        }
      </Shown>
    </div>
  );
}

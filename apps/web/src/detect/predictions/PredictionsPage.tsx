import { type Assessment, predictions } from '@firebreak/contract/detect/predictions';
import { CAVEATS } from '@firebreak/core/detect/signals';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

const percent = (rate: number): string => `${(100 * rate).toFixed(1)} %`;
const points = (rate: number): string => (100 * rate).toFixed(1);
const GAP_WORDS = {
  positive: 'get the positive outcome',
  'true-positive': 'get it of those who should',
  'false-positive': 'get it of those who should not',
} as const;

function System({ it }: { it: Assessment }) {
  const { calibration } = it;
  return (
    <Section
      title={it.system}
      aside={
        <Link to="/systems/$system" params={{ system: it.system }} className="prose-link">
          The system
        </Link>
      }
    >
      <Rows label={`Predictions of ${it.system}`}>
        <li className="px-4 py-2 text-sm text-ink-2">
          The newest {it.now.toLocaleString('en')} predictions
          {it.from && (
            <>
              , since <Ago at={it.from} />
            </>
          )}
          , against {it.before.toLocaleString('en')} before.
        </li>
        {it.performance.map((each) => (
          <li key={each.which} className="px-4 py-2">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-[600]">
                Right in {percent(each.now.rate)} of {each.now.n}
                {each.which === 'holdout' && ', on the holdout'}
              </span>
              <Flag tone={each.worse ? 'ember' : 'moss'}>{each.worse ? 'worse than before' : 'not worse'}</Flag>
            </p>
            <p className="text-xs text-ink-2">
              95 % interval {percent(each.now.lower)} to {percent(each.now.upper)}
              {each.change &&
                each.before &&
                ` · before ${percent(each.before.rate)} of ${each.before.n} · difference ${points(each.change.lower)} to ${points(each.change.upper)} points`}
            </p>
          </li>
        ))}
        {calibration && (
          <li className="px-4 py-2">
            <p className="font-[600]">
              What scores say is {points(calibration.ece)} points away from what comes true, on average
            </p>
            <p className="text-xs text-ink-2">
              Brier score {calibration.brier.toFixed(3)} ({calibration.brierLower.toFixed(3)} to{' '}
              {calibration.brierUpper.toFixed(3)}): 0 is never wrong and always sure, 0.25 is what saying 50 % every
              time gets.
            </p>
            <ul className="mt-1 grid gap-0.5 text-xs text-ink-2" aria-label="Said and true">
              {calibration.bins.map((bin) => (
                <li key={bin.score}>
                  said {percent(bin.score)}, true in {percent(bin.observed.rate)} of {bin.observed.n} (
                  {percent(bin.observed.lower)} to {percent(bin.observed.upper)})
                </li>
              ))}
            </ul>
          </li>
        )}
        {it.drift.map((each) => (
          <li key={each.name} className="px-4 py-2">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-[600] break-words">{each.name}</span>
              <Flag tone={each.moved ? 'amber' : 'moss'}>{each.moved ? 'moved' : 'as before'}</Flag>
            </p>
            <p className="text-xs text-ink-2">
              Spread otherwise by {each.psi.toFixed(3)} (stability index; chance alone gives {each.chance.toFixed(3)},
              and what is above 0.2 is told)
              {each.ks &&
                ` · the two lie at most ${points(each.ks.d)} points apart (Kolmogorov-Smirnov, p ${each.ks.p.toExponential(1)})`}
            </p>
          </li>
        ))}
        {it.gaps.map((gap) => (
          <li key={`${gap.group} ${gap.kind}`} className="px-4 py-2">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-[600] break-words">
                {gap.group}: {points(gap.difference)} points apart
              </span>
              <Flag tone={gap.beyond ? 'ember' : 'plain'}>
                {gap.beyond ? 'beyond what is put up with' : 'within, or unsure'}
              </Flag>
            </p>
            <p className="text-sm break-words text-ink-2">
              {percent(gap.high.rate)} of {gap.high.n} “{gap.high.value}” and {percent(gap.low.rate)} of {gap.low.n} “
              {gap.low.value}” {GAP_WORDS[gap.kind]}; the gap lies between {points(gap.lower)} and {points(gap.upper)}{' '}
              points.
            </p>
            {gap.tooFew.length > 0 && (
              <p className="text-xs text-ink-3">Fewer than 30, not compared: {gap.tooFew.join(', ')}</p>
            )}
          </li>
        ))}
        {it.gaps.length > 0 && <li className="px-4 py-2 text-xs text-ink-2">{CAVEATS.gap}</li>}
        {it.drift.length + it.gaps.length + it.performance.length === 0 && !calibration && (
          <li className="px-4 py-2 text-sm text-ink-2">
            Too few to compare: drift needs 200 on each side, everything else 30 with a known outcome or group.
          </li>
        )}
      </Rows>
    </Section>
  );
}

/** Predictive systems: drift, calibration, how often they are right, gaps between groups. */
export function PredictionsPage() {
  const asked = useAsk(predictions.assessments, { query: {} }, { every: 60_000 });
  return (
    <Page
      title="Predictions"
      eyebrow={
        <Link to="/measures" className="prose-link">
          Measures
        </Link>
      }
      lead="Of predictive systems: what drifted, whether scores mean what they say, how often they are right, gaps between groups."
    >
      <Shown of={asked}>
        {({ assessments }) =>
          assessments.length === 0 ? (
            <Empty title="No prediction came in">
              Send them to <code>/api/v1/predictions</code> with score, decision, groups and features, and the outcome
              once it is known.
            </Empty>
          ) : (
            assessments.map((it) => <System key={it.system} it={it} />)
          )
        }
      </Shown>
    </Page>
  );
}

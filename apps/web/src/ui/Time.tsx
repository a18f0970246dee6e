import { useNow } from './clock.ts';
import { cx } from './cx.ts';
import { ago, shortTime, span, watch, wholeTime } from './durations.ts';

/** An instant as a short local time; the hover names date, seconds and zone. */
export function Time({ at, className }: { at: string; className?: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={wholeTime(at)} className={className}>
      {shortTime(at, now)}
    </time>
  );
}

/** How long ago (or until), renewed by itself. */
export function Ago({ at, className }: { at: string; className?: string }) {
  const now = useNow(1_000);
  return (
    <time dateTime={at} title={wholeTime(at)} className={className}>
      {ago(at, now)}
    </time>
  );
}

/** A running watch since an instant: `00:14:08`. */
export function Watch({ since, className }: { since: string; className?: string }) {
  const now = useNow(1_000);
  return (
    <time dateTime={since} title={`since ${wholeTime(since)}`} className={cx('whitespace-nowrap', className)}>
      {watch(now - Date.parse(since))}
    </time>
  );
}

export function Span({ from, to }: { from: string; to: string }) {
  return <span title={`from ${wholeTime(from)} to ${wholeTime(to)}`}>{span(Date.parse(to) - Date.parse(from))}</span>;
}

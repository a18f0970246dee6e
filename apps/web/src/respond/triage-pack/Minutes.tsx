import type { TriagePack } from '@firebreak/contract/respond/triage-pack';

const WIDTH = 640;
const HEIGHT = 72;
const MOST = 120;

/** Requests by minute, those with a signal in ember, and a line where they began. The sentence beside it says the same. */
export function Minutes({ minutes, onset }: Pick<TriagePack, 'minutes' | 'onset'>) {
  const shown = minutes.slice(-MOST);
  if (shown.length < 2) return null;
  const most = Math.max(...shown.map((it) => it.all), 1);
  const step = WIDTH / shown.length;
  const begins = onset === null ? -1 : shown.findIndex((it) => it.minute === onset.minute);
  const y = (count: number): number => (count / most) * HEIGHT;
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT + 2}`}
      className="block h-20 w-full"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {shown.map((it, i) => (
        <g key={it.minute}>
          <rect
            x={i * step}
            width={Math.max(1, step - 1)}
            y={HEIGHT - y(it.all)}
            height={y(it.all)}
            className="fill-line-strong"
          />
          <rect
            x={i * step}
            width={Math.max(1, step - 1)}
            y={HEIGHT - y(it.bad)}
            height={y(it.bad)}
            className="fill-ember"
          />
        </g>
      ))}
      {begins >= 0 && (
        <line
          x1={begins * step}
          x2={begins * step}
          y1={0}
          y2={HEIGHT}
          className="stroke-ink"
          strokeDasharray="3 3"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  );
}

/** A day in one line, an hour each; hours without data are gaps. */
export function Spark({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return <span className="text-xs text-ink-3">no data in 24 hours</span>;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const y = (value: number): number => (high === low ? 12 : 22 - (20 * (value - low)) / (high - low));
  const x = (i: number): number => 2 + (116 * i) / Math.max(1, values.length - 1);
  const runs: string[][] = [[]];
  for (const [i, value] of values.entries())
    if (value === null) runs.push([]);
    else runs.at(-1)!.push(`${x(i).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <svg viewBox="0 0 120 24" className="h-6 w-30 text-ink-2" role="img" aria-label={label}>
      {runs
        .filter((run) => run.length > 0)
        .map((run) =>
          run.length === 1 ? (
            <circle key={run[0]} cx={run[0]!.split(',')[0]} cy={run[0]!.split(',')[1]} r="1.6" fill="currentColor" />
          ) : (
            <polyline key={run[0]} points={run.join(' ')} fill="none" stroke="currentColor" strokeWidth="1.5" />
          ),
        )}
    </svg>
  );
}
